/* cli/interrupt.h - Ctrl-C: the first asks the work to stop in good order, the second ends the program at once. */
#ifndef DAGCAST_CLI_INTERRUPT_H
#define DAGCAST_CLI_INTERRUPT_H

#include <stdatomic.h>
#include <stdbool.h>

void interrupt_init(void);               /* SIGINT and SIGTERM */
const atomic_bool *interrupt_flag(void); /* for long work to look at */
bool interrupt_seen(void);
void interrupt_note(void);               /* by who has caught the signal itself */

#endif
