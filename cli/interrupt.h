/* cli/interrupt.h - Ctrl-C and SIGTERM: the first ends any command within a second, in good order
 * if it can.
 *
 * Work that looks at the flag ends by itself and keeps or prints what is complete. For all other
 * work (a long JSON file, an archive, a fit) a thread of its own waits a quarter of a second, then
 * removes the files that are not complete, says so, and ends the program. A second signal ends it
 * at once. */
#ifndef DAGCAST_CLI_INTERRUPT_H
#define DAGCAST_CLI_INTERRUPT_H

#include <stdatomic.h>
#include <stdbool.h>

/* SIGINT and SIGTERM; before any other thread. `command`, for messages, must live on */
void interrupt_init(const char *command);
const atomic_bool *interrupt_flag(void); /* for long work to look at */
bool interrupt_seen(void);
/* Seen, by a command that does not end in its own time: it prints nothing more. */
bool interrupt_ends(void);
/* exit status: 128 + the signal's number; 130 where the signal is not known */
int interrupt_status(void);
void interrupt_note(void);               /* for a command that caught the signal itself */
/* the command ends what it started in its own time: only a second signal ends the program */
void interrupt_be_patient(void);

#endif
