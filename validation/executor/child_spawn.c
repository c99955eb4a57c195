#include "validation/executor/child_spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/resource.h>
#include <unistd.h>

#include "validation/executor/children.h"

/* libuv's loop and its signals (9 at most), a child's output, errors and pidfd, and two for what
 * reads /proc and writes results. */
enum { FILES_NEEDED = 14 };

/* More files at once, as far as the user may. Only when they are needed: children inherit the
 * limit, and some dislike large ones. */
static bool raise_files_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= limit.rlim_max)
        return false;
    limit.rlim_cur = limit.rlim_cur < limit.rlim_max / 2 ? 2 * limit.rlim_cur : limit.rlim_max;
    return setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

/* How many more files this process could open now, at most `wanted`. */
static int count_free_files(int wanted)
{
    int fds[FILES_NEEDED], n = 0;
    while (n < wanted && (fds[n] = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0)) >= 0)
        n++;
    for (int i = 0; i < n; i++)
        close(fds[i]);
    return n;
}

int child_check_files(struct error *err)
{
    struct rlimit limit = { 0 };
    int n = count_free_files(FILES_NEEDED);
    while (n < FILES_NEEDED && raise_files_limit())
        n = count_free_files(FILES_NEEDED);
    if (n == FILES_NEEDED)
        return 0;
    getrlimit(RLIMIT_NOFILE, &limit);
    return error_set(err,
                     "running tasks needs %d more open files, the limit of %llu leaves %d; raise "
                     "it to %llu or more (ulimit -n)",
                     FILES_NEEDED, (unsigned long long)limit.rlim_max, n,
                     (unsigned long long)limit.rlim_max + FILES_NEEDED - n);
}

/* What a child starts with: no signal blocked, none ignored that we may ignore, a process group of
 * its own. */
static int prepare_attributes(posix_spawnattr_t *attributes)
{
    sigset_t none, ours;
    sigemptyset(&none);
    sigemptyset(&ours);
    sigaddset(&ours, SIGPIPE);
    sigaddset(&ours, SIGXFSZ);
    int status = posix_spawnattr_init(attributes);
    if (status != 0)
        return status;
    posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
                                             POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setpgroup(attributes, 0);
    posix_spawnattr_setsigmask(attributes, &none);
    posix_spawnattr_setsigdefault(attributes, &ours);
    return 0;
}

/* Opened here rather than in the child, so that a failure can name the file. -1 on failure. */
static int open_output(const char *path, struct error *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0) {
        int why = errno;
        error_set(err, "%s: cannot write: %s", path, strerror(why));
        errno = why;
    }
    return fd;
}

static int spawn_with(const struct child_spec *spec, int out, int errors, pid_t *pid)
{
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t files;
    int status = prepare_attributes(&attributes);
    if (status != 0)
        return status;
    status = posix_spawn_file_actions_init(&files);
    if (status == 0) {
        posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
        posix_spawn_file_actions_adddup2(&files, errors, STDERR_FILENO);
        status =
            posix_spawnp(pid, spec->argv[0], &files, &attributes, spec->argv, spec->environment);
        posix_spawn_file_actions_destroy(&files);
    }
    posix_spawnattr_destroy(&attributes);
    return status;
}

static int spawn_once(const struct child_spec *spec, pid_t *pid, struct error *err)
{
    int out = open_output(spec->out, err);
    if (out < 0)
        return errno;
    int errors = open_output(spec->err, err), status = errors < 0 ? errno : 0;
    if (status == 0) {
        status = spawn_with(spec, out, errors, pid);
        if (status != 0)
            error_set(err, "cannot run '%s': %s", spec->argv[0], strerror(status));
        close(errors);
    }
    close(out);
    return status;
}

int child_spawn(const struct child_spec *spec, pid_t *pid, struct error *err)
{
    int status = spawn_once(spec, pid, err);
    while (status == EMFILE && raise_files_limit())
        status = spawn_once(spec, pid, err);
    return status;
}
