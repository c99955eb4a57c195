/* base/error.h - what a user did wrong, as one sentence fit to print.
 *
 * A function that can fail because of its input takes `struct error *err` last, returns -1 (or
 * NULL) and leaves everything as it was. The sentence names the file, the path in it, what was
 * found, what was expected. Libraries print nothing; cli/ prints the sentence and exits with 2.
 * What only a bug can cause is an assert. */
#ifndef DAGCAST_BASE_ERROR_H
#define DAGCAST_BASE_ERROR_H

#include <stdarg.h>

#include "base/compiler.h"

struct error {
    /* a sentence without a final full stop or newline; "" = no error */
    char text[1024];
};

/* Fills `err` (NULL allowed; then the text is lost). Returns -1 always, so that a caller writes
 * `return error_set(err, "tasks[%d].cores: must be at least 1, is %d", i, cores);`. Texts in quotes
 * ('%s') are shortened to ERROR_QUOTED_MOST characters; a sentence too long is cut. */
enum { ERROR_QUOTED_MOST = 60 };
int error_set(struct error *err, const char *format, ...) PRINTF_LIKE(2, 3);
int error_vset(struct error *err, const char *format, va_list args) PRINTF_LIKE(2, 0);

/* Puts text before what `err` says, to add the file or the path from outside in. Returns -1 always.
 */
int error_prefix(struct error *err, const char *format, ...) PRINTF_LIKE(2, 3);

#endif
