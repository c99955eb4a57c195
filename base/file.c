#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file_impl.h"
#include "base/sort.h"
#include "base/str.h"
#include "base/xalloc.h"

enum { WRITER_MS = 500 };                /* what a named pipe waits for who writes into it */

int file_failed(struct error *err, const char *path, const char *what)
{
    return error_set(err, "%s: cannot %s: %s", path, what, strerror(errno));
}

/* Bytes of a regular file; 0: the stream is not one. */
static size_t size_of(FILE *f)
{
    struct stat st;
    return fstat(fileno(f), &st) == 0 && S_ISREG(st.st_mode) ? (size_t)st.st_size : 0;
}

/* The stream's bytes, stopping once they are more than `limit`. The buffer has room for what the
 * file says it holds, and grows where that is not all. */
static char *read_stream(FILE *f, size_t limit, size_t *size)
{
    char *bytes = NULL;
    size_t room = 0, n = 0, got, expected = size_of(f);
    if (expected <= limit)
        xgrow(&bytes, &room, expected + 2 * 4096, 1);
    do {
        xgrow(&bytes, &room, n + 4096 + 1, 1);
        got = fread(bytes + n, 1, room - n - 1, f);
        n += got;
    } while (got > 0 && n <= limit);
    bytes[n] = '\0';
    *size = n;
    return bytes;
}

/* Of a pipe that a shell makes (`<(command)`, /dev/stdin) the name is one of these. */
static bool is_open_already(const char *path)
{
    return str_equal(path, "/dev/stdin") || strncmp(path, "/dev/fd/", 8) == 0 ||
           strncmp(path, "/proc/", 6) == 0;
}

/* 0: its type is not known, or none of a file's. */
static mode_t type_of(const char *path)
{
    struct stat st;
    return is_open_already(path) || stat(path, &st) != 0 ? 0 : st.st_mode & S_IFMT;
}

/* A device may never end. */
static const char *why_not_a_file(mode_t type)
{
    return type == S_IFCHR || type == S_IFBLK ? "a device" : type == S_IFSOCK ? "a socket" : NULL;
}

/* To open a named pipe as a file is would wait for its writer for ever. */
static FILE *open_named_pipe(const char *path, struct error *err)
{
    struct pollfd pipe = { .fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC), .events = POLLIN };
    int ready = -1;
    if (pipe.fd >= 0)
        do
            ready = poll(&pipe, 1, WRITER_MS);
        while (ready < 0 && errno == EINTR);
    FILE *f = ready > 0 && fcntl(pipe.fd, F_SETFL, O_RDONLY) == 0 ? fdopen(pipe.fd, "rb") : NULL;
    if (ready == 0)
        error_set(err, "%s: nothing writes into this named pipe; start its writer first", path);
    else if (!f)
        file_failed(err, path, "open");
    if (!f && pipe.fd >= 0)
        close(pipe.fd);
    return f;
}

FILE *file_open(const char *path, struct error *err)
{
    const mode_t type = type_of(path);
    const char *other = why_not_a_file(type);
    if (type == S_IFIFO)
        return open_named_pipe(path, err);
    FILE *f = other ? NULL : fopen(path, "rb");
    if (other)
        error_set(err, "%s: expected a file, got %s", path, other);
    else if (!f)
        file_failed(err, path, "open");
    return f;
}

bool file_is_pipe(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISFIFO(st.st_mode);
}

char *file_load(const char *path, size_t limit, size_t *size, struct error *err)
{
    FILE *f = file_open(path, err);
    if (!f)
        return NULL;
    size_t n;
    char *bytes = read_stream(f, limit, &n);
    int failed = 0;
    if (ferror(f))
        failed = file_failed(err, path, "read");
    else if (n > limit)
        failed = error_set(err, "%s: is larger than the %zu bytes allowed", path, limit);
    fclose(f);
    if (failed) {
        free(bytes);
        return NULL;
    }
    *size = n;
    return bytes;
}

size_t file_start(const char *path, void *bytes, size_t room)
{
    const mode_t type = type_of(path);
    FILE *f = type == S_IFIFO || why_not_a_file(type) ? NULL : fopen(path, "rb");
    size_t n = f ? fread(bytes, 1, room, f) : 0;
    if (f)
        fclose(f);
    return n;
}

char **file_names_in(const char *folder, size_t *n)
{
    DIR *d = opendir(folder);
    char **names = NULL;
    size_t room = 0;
    *n = 0;
    for (struct dirent *e; d && (e = readdir(d)) != NULL;) {
        if (str_equal(e->d_name, ".") || str_equal(e->d_name, ".."))
            continue;
        xgrow(&names, &room, *n + 1, sizeof *names);
        names[(*n)++] = xstrdup(e->d_name);
    }
    if (d)
        closedir(d);
    sort_items(names, *n, sizeof *names, sort_by_text);
    return names;
}

int file_make_dirs(const char *path, struct error *err)
{
    char *part = xstrdup(path);
    int status = 0;
    for (char *end = part; status == 0 && *end; ) {
        end += strspn(end, "/");
        end += strcspn(end, "/");
        char kept = *end;
        struct stat st;
        *end = '\0';
        if (mkdir(part, 0777) != 0 && (stat(part, &st) != 0 || !S_ISDIR(st.st_mode)))
            status = file_failed(err, part, "make the directory");
        *end = kept;
    }
    free(part);
    return status;
}

bool file_exists(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0;
}

char *file_beside(const char *file, const char *path)
{
    const char *slash = strrchr(file, '/');
    if (path[0] == '/' || !slash || is_open_already(file))
        return xstrdup(path);
    return str_format("%.*s/%s", (int)(slash - file), file, path);
}

char *file_find_data(const char *const *dirs, const char *name)
{
    for (size_t i = 0; dirs[i]; i++) {
        char *path = str_format("%s/%s", dirs[i], name);
        if (file_exists(path))
            return path;
        free(path);
    }
    return NULL;
}
