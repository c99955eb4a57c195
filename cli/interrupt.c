#include "cli/interrupt.h"

#include <signal.h>
#include <stddef.h>

static atomic_bool flag;                 /* a signal handler has no other way to tell */

static void note(int signal_number)
{
    (void)signal_number;
    atomic_store(&flag, true);
}

void interrupt_init(void)
{
    struct sigaction action = { .sa_handler = note, .sa_flags = (int)SA_RESETHAND };
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

void interrupt_note(void)
{
    atomic_store(&flag, true);
}
