/* dagcast-task - what `dagcast execute` runs for a task: the synthetic task, or a command that must
 * leave its own record.
 *
 *     dagcast-task sleep SECONDS [STATUS]          waits, exits with STATUS (0)
 *     dagcast-task busy SECONDS THREADS [STATUS]   keeps that many threads busy, exits with STATUS
 *     dagcast-task phases STEP...                  one after the other: SECONDS of waiting, or
 *                                                  FILE:AMOUNT:RATE:CAP
 *     dagcast-task run COMMAND [ARGUMENT]...       runs the command, exits as it does (128 + signal
 *                                                  when killed by one)
 *
 * FILE:AMOUNT:RATE:CAP takes AMOUNT from a token bucket that fills at RATE a second and that all
 * who name FILE share, and at most CAP a second (0: no limit). The file holds when the next token
 * is there. Tokens are taken in pieces of 10 ms of the rate, in turn: who waits for the lock is
 * served, so that the rate is shared equally.
 *
 * If DAGCAST_TIMES names a file, its start and its end are written there, one line each:
 *     started REAL MONOTONIC
 *     step REAL MONOTONIC                             each step of `phases` has ended
 *     stopped REAL MONOTONIC STATUS
 * in seconds of the two clocks. Where DAGCAST_RANK_VARIABLE names a variable that tells the ranks
 * of one task apart, rank N > 0 adds ".N" to the file's name. Links nothing but libc, so that it
 * starts fast. Exits with 125 where it cannot do what it is asked. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { CANNOT = 125, MOST_THREADS = 4096, LONGEST_PATH = 4096 };

extern char **environ;

static struct timespec now(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return t;
}

static int complain(const char *what, int error_number)
{
    fprintf(stderr, "dagcast-task: %s%s%s\n", what, error_number ? ": " : "",
            error_number ? strerror(error_number) : "");
    return CANNOT;
}

/* One line in one write. -1: it was not written whole. */
static int record(int fd, const char *what, const char *status)
{
    char line[160];
    struct timespec real = now(CLOCK_REALTIME), monotonic = now(CLOCK_MONOTONIC);
    int n =
        snprintf(line, sizeof line, "%s %lld.%09ld %lld.%09ld%s\n", what, (long long)real.tv_sec,
                 real.tv_nsec, (long long)monotonic.tv_sec, monotonic.tv_nsec, status);
    return fd < 0 || write(fd, line, (size_t)n) == n ? 0 : -1;
}

/* Seconds from now, on the monotonic clock. */
static struct timespec after(double seconds)
{
    struct timespec t = now(CLOCK_MONOTONIC);
    time_t whole = (time_t)seconds;
    t.tv_sec += whole;
    t.tv_nsec += (long)((seconds - (double)whole) * 1e9);
    if (t.tv_nsec >= 1000000000) {
        t.tv_nsec -= 1000000000;
        t.tv_sec++;
    }
    return t;
}

static void sleep_until(const struct timespec *end)
{
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, end, NULL) == EINTR)
        continue;
}

static bool before(const struct timespec *a, const struct timespec *b)
{
    return a->tv_sec < b->tv_sec || (a->tv_sec == b->tv_sec && a->tv_nsec < b->tv_nsec);
}

static void *keep_busy(void *end)
{
    for (struct timespec t = now(CLOCK_MONOTONIC); before(&t, end); t = now(CLOCK_MONOTONIC))
        continue;
    return NULL;
}

static int busy_until(struct timespec *end, long threads)
{
    pthread_t others[MOST_THREADS];
    long n = 0;
    int failed = 0;
    while (n < threads - 1 && (failed = pthread_create(&others[n], NULL, keep_busy, end)) == 0)
        n++;
    keep_busy(end);
    while (n > 0)
        pthread_join(others[--n], NULL);
    return failed;
}

/* The record must be finished even when the group is asked to end: the command gets the signal,
 * this program waits for it. */
static int run_command(char **argv, int *status)
{
    posix_spawnattr_t attributes;
    sigset_t ours;
    pid_t pid;
    struct sigaction ignore = { .sa_handler = SIG_IGN };
    sigemptyset(&ours);
    sigaddset(&ours, SIGTERM);
    sigaddset(&ours, SIGINT);
    sigaction(SIGTERM, &ignore, NULL);
    sigaction(SIGINT, &ignore, NULL);
    int failed = posix_spawnattr_init(&attributes);
    if (failed)
        return failed;
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setsigdefault(&attributes, &ours);
    failed = posix_spawnp(&pid, argv[0], NULL, &attributes, argv, environ);
    posix_spawnattr_destroy(&attributes);
    if (failed)
        return failed;
    int ended = 0;
    while (waitpid(pid, &ended, 0) < 0 && errno == EINTR)
        continue;
    *status = WIFSIGNALED(ended) ? 128 + WTERMSIG(ended) : WEXITSTATUS(ended);
    return 0;
}

/* Numbers at argv[2] and on, as many as are there. false: one is no number. */
static bool read_numbers(int argc, char **argv, double *numbers, int most)
{
    for (int i = 2; i < argc && i - 2 < most; i++) {
        char *end;
        numbers[i - 2] = strtod(argv[i], &end);
        if (end == argv[i] || *end || !(numbers[i - 2] >= 0 && numbers[i - 2] <= 1e9))
            return false;
    }
    return argc - 2 <= most;
}

static double seconds_now(void)
{
    struct timespec t = now(CLOCK_MONOTONIC);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void sleep_until_s(double at_s)
{
    struct timespec t = { .tv_sec = (time_t)at_s };
    t.tv_nsec = (long)((at_s - (double)t.tv_sec) * 1e9);
    sleep_until(&t);
}

/* When a piece that takes `takes_s` of the bucket is there, s of the monotonic clock; -1: the file
 * cannot be used. */
static double take_piece(int fd, double takes_s)
{
    double next_s = 0, now_s;
    if (flock(fd, LOCK_EX) != 0)
        return -1;
    now_s = seconds_now();
    if (pread(fd, &next_s, sizeof next_s, 0) != sizeof next_s || !(next_s > now_s))
        next_s = now_s;
    next_s += takes_s;
    ssize_t written = pwrite(fd, &next_s, sizeof next_s, 0);
    flock(fd, LOCK_UN);
    return written == sizeof next_s ? next_s : -1;
}

/* Moves the amount through the bucket. 0, or an error number. */
static int move(const char *path, double amount, double rate, double cap)
{
    const double piece = rate * 0.01;
    double own_s = seconds_now();
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (fd < 0)
        return errno;
    while (amount > 0) {
        double part = amount < piece ? amount : piece, there_s = take_piece(fd, part / rate);
        if (there_s < 0)
            break;
        own_s += cap > 0 ? part / cap : 0;
        sleep_until_s(there_s > own_s ? there_s : own_s);
        amount -= part;
    }
    int failed = amount > 0 ? errno : 0;
    close(fd);
    return failed;
}

/* "SECONDS", or "FILE:AMOUNT:RATE:CAP" (FILE may hold colons). 0, or an error number. */
static int do_step(char *step)
{
    double number[3];
    char *end, *colon = NULL;
    for (int i = 2; i >= 0; i--) {
        colon = strrchr(step, ':');
        if (!colon)
            break;
        number[i] = strtod(colon + 1, &end);
        if (end == colon + 1 || *end || !(number[i] >= 0))
            return EINVAL;
        *colon = '\0';
    }
    if (colon)
        return number[1] > 0 ? move(step, number[0], number[1], number[2]) : EINVAL;
    double wait_s = strtod(step, &end);
    if (end == step || *end || !(wait_s >= 0 && wait_s <= 1e9))
        return EINVAL;
    struct timespec until = after(wait_s);
    sleep_until(&until);
    return 0;
}

static int do_steps(int argc, char **argv, int times)
{
    for (int i = 2; i < argc; i++) {
        int failed = do_step(argv[i]);
        if (failed)
            return complain(argv[i], failed), -1;
        if (record(times, "step", ""))
            return complain("cannot write its times", errno), -1;
    }
    return 0;
}

/* Does what is asked. 0 and *status; or -1, complained. `times`: where its times go, or -1. */
static int work(int argc, char **argv, int times, int *status)
{
    double number[3] = { 0 };
    bool is_sleep = argc > 2 && strcmp(argv[1], "sleep") == 0,
         is_busy = argc > 3 && strcmp(argv[1], "busy") == 0;
    if (argc > 2 && strcmp(argv[1], "run") == 0) {
        int failed = run_command(argv + 2, status);
        return failed ? complain(argv[2], failed), -1 : 0;
    }
    if (argc > 2 && strcmp(argv[1], "phases") == 0)
        return do_steps(argc, argv, times);
    if (!(is_sleep || is_busy) || !read_numbers(argc, argv, number, is_busy ? 3 : 2) ||
        number[1] > MOST_THREADS)
        return complain("usage: dagcast-task sleep SECONDS [STATUS] | busy SECONDS THREADS "
                        "[STATUS] | phases STEP... | "
                        "run COMMAND [ARGUMENT]...",
                        0),
               -1;
    struct timespec end = after(number[0]);
    *status = (int)number[is_busy ? 2 : 1];
    int failed = is_busy ? busy_until(&end, (long)number[1]) : (sleep_until(&end), 0);
    return failed ? complain("cannot start a thread", failed), -1 : 0;
}

/* Where its times go, in `room` bytes at `text`; NULL: nowhere. */
static const char *times_path(char *text, size_t room)
{
    const char *path = getenv("DAGCAST_TIMES"), *variable = getenv("DAGCAST_RANK_VARIABLE");
    const char *rank = variable ? getenv(variable) : NULL;
    if (!path || !rank || strcmp(rank, "0") == 0)
        return path;
    snprintf(text, room, "%s.%s", path, rank);
    return text;
}

int main(int argc, char **argv)
{
    char path_text[LONGEST_PATH];
    const char *path = times_path(path_text, sizeof path_text);
    char ending[16];
    int status = 0, fd = path ? open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666) : -1;
    if (path && (fd < 0 || record(fd, "started", "")))
        return complain(path, errno);
    if (work(argc, argv, fd, &status))
        status = CANNOT;
    snprintf(ending, sizeof ending, " %d", status);
    if (record(fd, "stopped", ending))
        return complain(path, errno);
    return status;
}
