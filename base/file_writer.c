/* Files that are complete or not there: written under another name. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/file_impl.h"
#include "base/str.h"
#include "base/xalloc.h"

/* A new file beside `path`, with the permissions any new file gets (mkstemp() would make it
 * private). */
static FILE *open_temporary(const char *path, char **temporary)
{
    for (unsigned attempt = 0; ; attempt++) {
        char *name = str_format("%s.%ld-%u.tmp", path, (long)getpid(), attempt);
        int fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        FILE *stream = fd >= 0 ? fdopen(fd, "wb") : NULL;
        if (stream) {
            *temporary = name;
            return stream;
        }
        free(name);
        if (errno != EEXIST)
            return NULL;
    }
}

int file_writer_open(struct file_writer *w, const char *path, struct error *err)
{
    struct stat st;
    *w = (struct file_writer){ 0 };
    if (str_equal(path, "-"))
        w->stream = stdout;
    else if (stat(path, &st) == 0 && !S_ISREG(st.st_mode))
        w->stream = fopen(path, "wb");       /* a device or a pipe must not be replaced by a file */
    else
        w->stream = open_temporary(path, &w->temporary);
    if (!w->stream)
        return file_failed(err, path, "write");
    w->path = xstrdup(path);
    return 0;
}

static void writer_clear(struct file_writer *w)
{
    xfree(w->path, w->temporary);
    *w = (struct file_writer){ 0 };
}

/* The file stays open under another descriptor until it has its name: until then
 * file_abandon_open() must find it. */
int file_writer_commit(struct file_writer *w, struct error *err)
{
    bool bad = ferror(w->stream) != 0;
    int held = w->temporary ? fcntl(fileno(w->stream), F_DUPFD_CLOEXEC, 0) : -1;
    if (w->stream == stdout)
        bad |= fflush(stdout) != 0;
    else
        bad |= fclose(w->stream) != 0;
    w->stream = NULL;
    if (!bad && w->temporary)
        bad = rename(w->temporary, w->path) != 0;
    int status = bad ? file_failed(err, w->path, "write") : 0;
    if (bad && w->temporary)
        unlink(w->temporary);
    if (held >= 0)
        close(held);
    writer_clear(w);
    return status;
}

/* "name.PID-N.tmp", as open_temporary() names it */
static bool is_own_temporary(const char *path)
{
    char mark[32];
    snprintf(mark, sizeof mark, ".%ld-", (long)getpid());
    const char *at = NULL;
    for (const char *next = path; (next = strstr(next, mark)); next++)
        at = next;
    if (!at)
        return false;
    at += strlen(mark);
    size_t digits = strspn(at, "0123456789");
    return digits > 0 && str_equal(at + digits, ".tmp");
}

void file_abandon_open(void)
{
    DIR *open_files = opendir("/proc/self/fd");
    for (struct dirent *d; open_files && (d = readdir(open_files));) {
        char path[4096];
        ssize_t n = readlinkat(dirfd(open_files), d->d_name, path, sizeof path - 1);
        if (n <= 0)
            continue;
        path[n] = '\0';
        if (is_own_temporary(path))
            unlink(path);
    }
    if (open_files)
        closedir(open_files);
}

void file_writer_abandon(struct file_writer *w)
{
    if (w->stream && w->stream != stdout)
        fclose(w->stream);
    if (w->temporary)
        unlink(w->temporary);
    writer_clear(w);
}

int file_check_room(const char *folder, size_t bytes, struct error *err)
{
    char *temporary, *path = str_format("%s/room", folder);
    FILE *f = open_temporary(path, &temporary);
    free(path);
    if (!f)
        return file_failed(err, folder, "write");
    char *zeros = xcalloc(bytes + 1, 1);
    bool full = fwrite(zeros, 1, bytes, f) < bytes;
    free(zeros);
    full = fclose(f) != 0 || full;
    int status = full ? file_failed(err, folder, "write") : 0;
    unlink(temporary);
    free(temporary);
    return status;
}

int file_save(const char *path, const void *bytes, size_t size, struct error *err)
{
    struct file_writer w;
    if (file_writer_open(&w, path, err))
        return -1;
    fwrite(bytes, 1, size, w.stream);
    return file_writer_commit(&w, err);
}
