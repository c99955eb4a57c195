/* validation/track_record_impl.h - what track_record.c, which keeps predictions, and track_score.c,
 * which scores them, share. */
#ifndef DAGCAST_VALIDATION_TRACK_RECORD_IMPL_H
#define DAGCAST_VALIDATION_TRACK_RECORD_IMPL_H

#include <stddef.h>

#include "base/json.h"
#include "validation/track_record.h"

/* kinds of a ledger's entries */
#define TRACK_PREDICTION "prediction"
#define TRACK_OUTCOME "outcome"

/* The content of entry i. NULL: it is no JSON. Free with json_free(). */
struct json_document *track_parse(const struct ledger_entry *e, size_t i, struct error *err);

#endif
