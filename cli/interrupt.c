#include "cli/interrupt.h"

#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/str.h"

enum { GRACE_NS = 250000000, STACK_BYTES = 256 * 1024 };

/* A signal handler has no other way to tell. */
static atomic_bool flag, patient;
static atomic_int signal_seen;
static sem_t came;                       /* posted once a signal */
static const char *command_name;

static void note(int signal_number)
{
    int none = 0, kept = errno;
    atomic_compare_exchange_strong(&signal_seen, &none, signal_number);
    atomic_store(&flag, true);
    sem_post(&came);
    errno = kept;
}

static void wait_for_signal(void)
{
    while (sem_wait(&came) != 0)
        ;
}

/* Returns at the next signal, or after the time in which work that looks at the flag ends by
 * itself. */
static void wait_for_order(void)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += GRACE_NS;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    while (sem_timedwait(&came, &until) != 0 && errno != ETIMEDOUT)
        ;
}

/* Programs that it started (gnuplot) would go on writing. Linux lists them below each thread. */
static void end_children(void)
{
    DIR *threads = opendir("/proc/self/task");
    for (struct dirent *d; threads && (d = readdir(threads));) {
        char *path = str_format("/proc/self/task/%s/children", d->d_name);
        FILE *list = fopen(path, "r");
        char word[32];
        while (list && fscanf(list, "%31s", word) == 1)
            kill((pid_t)strtol(word, NULL, 10), SIGKILL);
        if (list)
            fclose(list);
        free(path);
    }
    if (threads)
        closedir(threads);
}

static void *end_program(void *unused)
{
    (void)unused;
    wait_for_signal();
    if (!atomic_load(&patient))
        wait_for_order();
    if (atomic_load(&patient))           /* it may have begun to be in between */
        wait_for_signal();
    end_children();
    file_abandon_open();
    dprintf(STDERR_FILENO, "dagcast %s: interrupted; no file is half-written\n", command_name);
    _exit(interrupt_status());
}

static bool start_thread(void)
{
    pthread_t thread;
    pthread_attr_t attributes;
    sigset_t all, before;
    sigfillset(&all);
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool started = pthread_create(&thread, &attributes, end_program, NULL) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    return started;
}

/* Without the thread (a limit on processes) the second signal has its default effect. */
void interrupt_init(const char *command)
{
    command_name = command;
    sem_init(&came, 0, 0);
    struct sigaction action = { .sa_handler = note,
                                .sa_flags = start_thread() ? 0 : (int)SA_RESETHAND };
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

const atomic_bool *interrupt_flag(void)
{
    return &flag;
}

bool interrupt_seen(void)
{
    return atomic_load(&flag);
}

bool interrupt_ends(void)
{
    return atomic_load(&flag) && !atomic_load(&patient);
}

int interrupt_status(void)
{
    int number = atomic_load(&signal_seen);
    return 128 + (number > 0 ? number : SIGINT);
}

void interrupt_note(void)
{
    atomic_store(&flag, true);
}

void interrupt_be_patient(void)
{
    atomic_store(&patient, true);
}
