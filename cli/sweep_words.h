/* cli/sweep_words.h - which setting of a sweep is best, in words. */
#ifndef DAGCAST_CLI_SWEEP_WORDS_H
#define DAGCAST_CLI_SWEEP_WORDS_H

#include "base/str.h"
#include "study/contrast.h"

/* "Best: mode asynchronous, 1234.5 s. Next: ..."; nothing if there is nothing to compare. */
void sweep_add_verdict(struct str *words, const struct sheet *s, const struct contrast *c);

#endif
