/* base/json_mend.h - texts in JSON that a C string or strict JSON cannot hold, replaced so that
 * they cost themselves and no more. */
#ifndef DAGCAST_BASE_JSON_MEND_H
#define DAGCAST_BASE_JSON_MEND_H

#include <stddef.h>

/* A copy, with a NUL behind it, in which \u0000 and half a surrogate pair are U+FFFD, and bytes
 * that are not UTF-8 are the four characters \xNN (the same for \udcNN, as Python writes such a
 * byte). *replaced is how many. The lines stay the same. Free it. */
char *json_mend(const char *text, size_t size, size_t *mended_size, size_t *replaced);

#endif
