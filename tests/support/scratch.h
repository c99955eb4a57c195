/* tests/support/scratch.h - a folder for one test, gone afterwards. */
#ifndef DAGCAST_TESTS_SUPPORT_SCRATCH_H
#define DAGCAST_TESTS_SUPPORT_SCRATCH_H

#include <stddef.h>

char *scratch_new(void);                 /* a new folder below /tmp; give it to scratch_free() */
void scratch_free(char *folder);         /* removes it with all that is in it */

/* "<folder>/<name>" holding these bytes; folders in `name` are made. Returns its path; free() it.
 */
char *scratch_file(const char *folder, const char *name, const void *bytes, size_t size);

#endif
