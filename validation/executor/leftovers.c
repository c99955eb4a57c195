#include "validation/executor/leftovers.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/str.h"
#include "base/xalloc.h"

enum { ROUNDS = 1000, ENVIRONMENT_BYTES = 1 << 22 };

static bool has_variable(const char *environment, size_t size, const char *variable)
{
    for (const char *at = environment; at < environment + size; at += strlen(at) + 1)
        if (strcmp(at, variable) == 0)
            return true;
    return false;
}

static bool carries(long pid, const char *variable)
{
    char *path = str_format("/proc/%ld/environ", pid);
    size_t size = 0;
    char *environment = file_load(path, ENVIRONMENT_BYTES, &size, NULL);
    bool found = environment && has_variable(environment, size, variable);
    xfree(environment, path);
    return found;
}

/* The environment is read after the pidfd was opened: what is killed is what was read. */
static bool kill_if_ours(long pid, const char *variable)
{
    int pidfd = pidfd_open((pid_t)pid, 0);
    if (pidfd < 0)
        return false;
    bool ours = carries(pid, variable) && pidfd_send_signal(pidfd, SIGKILL, NULL, 0) == 0;
    close(pidfd);
    return ours;
}

static size_t kill_round(const char *variable)
{
    size_t n = 0;
    DIR *processes = opendir("/proc");
    if (!processes)
        return 0;
    for (struct dirent *entry; (entry = readdir(processes));) {
        int64_t pid;
        if (str_to_int64(entry->d_name, &pid) && pid != getpid())
            n += kill_if_ours((long)pid, variable);
    }
    closedir(processes);
    return n;
}

int leftovers_end(const char *run_id, size_t *n, struct error *err)
{
    char *variable = str_format("DAGCAST_RUN=%s", run_id);
    size_t left = *n = kill_round(variable);
    for (int round = 0; left > 0 && round < ROUNDS; round++) {
        nanosleep(&(struct timespec){ .tv_nsec = 10 * 1000 * 1000 }, NULL);
        /* a process that was just starting another one leaves that */
        left = kill_round(variable);
    }
    free(variable);
    return left == 0
               ? 0
               : error_set(err,
                           "%zu processes that an earlier executor of this run has left do not end",
                           left);
}
