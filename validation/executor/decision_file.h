/* validation/executor/decision_file.h - reads the file that a task writes to $DAGCAST_DECISION.
 *
 * {"continue": true, "tasks": {"evaluate": 48}, "cancel": ["rest"]}: docs/decisions.md says what
 * each means. Sets are named as the workflow describes them. */
#ifndef DAGCAST_VALIDATION_EXECUTOR_DECISION_FILE_H
#define DAGCAST_VALIDATION_EXECUTOR_DECISION_FILE_H

#include "base/error.h"
#include "base/json.h"
#include "core/workflow.h"
#include "drive/decide.h"

/* Fills *out, which decision_said_clear() frees. -1: unknown keys or sets, or numbers out of range;
 * *out then says nothing. */
int decision_read(const struct json_document *doc, const struct workflow *described,
                  struct decision_said *out, struct error *err);

#endif
