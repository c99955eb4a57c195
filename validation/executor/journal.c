#include "validation/executor/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/xalloc.h"

struct journal {
    char *path;
    int fd;
    off_t size;                          /* of whole batches */
    struct str batch;
    double synced_s;
    bool dirty;
};

static int fail(const struct journal *j, const char *what, struct error *err)
{
    return error_set(err, "%s: cannot %s: %s", j->path, what, strerror(errno));
}

static int lock(const struct journal *j, struct error *err)
{
    struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
    if (fcntl(j->fd, F_SETLK, &whole) == 0)
        return 0;
    if (errno != EACCES && errno != EAGAIN)
        return fail(j, "lock", err);
    whole.l_type = F_WRLCK;
    if (fcntl(j->fd, F_GETLK, &whole) == 0 && whole.l_type != F_UNLCK)
        return error_set(err, "%s: another dagcast (process %ld) is executing this run", j->path,
                         (long)whole.l_pid);
    return error_set(err, "%s: another dagcast is executing this run", j->path);
}

static struct journal *open_file(const char *path, int flags, struct error *err)
{
    struct journal *j = xcalloc(1, sizeof *j);
    j->path = xstrdup(path);
    j->synced_s = -INFINITY;
    j->fd = open(path, O_RDWR | O_CLOEXEC | flags, 0666);
    if (j->fd >= 0 && lock(j, err) == 0)
        return j;
    if (j->fd < 0)
        fail(j, "open", err);
    journal_close(j);
    return NULL;
}

struct journal *journal_create(const char *path, struct error *err)
{
    struct journal *j = open_file(path, O_CREAT | O_EXCL, err);
    if (!j)
        return NULL;
    str_add(&j->batch, run_journal_head);
    if (journal_write(j, 0, err) == 0)
        return j;
    journal_close(j);
    return NULL;
}

struct journal *journal_resume(const char *path, struct timeline *t, struct run_journal *found,
                               struct error *err)
{
    struct journal *j = open_file(path, 0, err);
    if (!j)
        return NULL;
    if (run_journal_load(path, t, found, err)) {
        journal_close(j);
        return NULL;
    }
    j->size = (off_t)found->good_bytes;
    /* again: who closes a file, as the reader did, gives up all locks on it */
    int status = lock(j, err);
    if (status == 0 && ftruncate(j->fd, j->size) != 0)
        status = fail(j, "cut off a half-written line", err);
    if (status == 0) {
        str_add(&j->batch, j->size == 0 ? run_journal_head : "");
        return j;
    }
    run_journal_clear(found);
    journal_close(j);
    return NULL;
}

struct str *journal_batch(struct journal *j)
{
    return &j->batch;
}

/* All of it, or errno. */
static bool write_all(const struct journal *j)
{
    size_t done = 0;
    while (done < j->batch.length) {
        ssize_t n =
            pwrite(j->fd, j->batch.text + done, j->batch.length - done, j->size + (off_t)done);
        if (n < 0 && errno != EINTR)
            return false;
        done += n > 0 ? (size_t)n : 0;
    }
    return true;
}

int journal_write(struct journal *j, double now_s, struct error *err)
{
    if (j->batch.length == 0)
        return 0;
    if (!write_all(j)) {
        int status = fail(j, "write", err);
        bool cut = ftruncate(j->fd, j->size) == 0;
        (void)cut;                       /* at worst half a line stays, which a reader leaves out */
        return status;
    }
    j->size += (off_t)j->batch.length;
    str_clear(&j->batch);
    j->dirty = true;
    return now_s >= j->synced_s + JOURNAL_SYNC_S ? journal_sync(j, now_s, err) : 0;
}

double journal_sync_due_s(const struct journal *j)
{
    return j->dirty ? j->synced_s + JOURNAL_SYNC_S : INFINITY;
}

int journal_sync(struct journal *j, double now_s, struct error *err)
{
    if (j->dirty && fsync(j->fd) != 0)
        return fail(j, "write", err);
    j->synced_s = now_s;
    j->dirty = false;
    return 0;
}

void journal_close(struct journal *j)
{
    if (!j)
        return;
    if (j->fd >= 0)
        close(j->fd);
    free(j->path);
    str_clear(&j->batch);
    free(j);
}
