/* base/escape_impl.h - characters of text from outside, for base/escape*.c. */
#ifndef DAGCAST_BASE_ESCAPE_IMPL_H
#define DAGCAST_BASE_ESCAPE_IMPL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/escape.h"

#define REPLACEMENT "\xEF\xBF\xBD"       /* U+FFFD */

/* The bytes of the first character and its code; 0: none begins there. A NUL ends any. */
size_t escape_character(const char *text, uint32_t *code);
/* Controls (C0, DEL, C1), line and paragraph separators, and characters that turn what comes
 * around them (U+202E ...). */
bool escape_is_hidden(uint32_t code);

/* Those of the hidden that turn the direction of the text around them. */
bool escape_turns(uint32_t code);

#endif
