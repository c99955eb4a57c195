/* cli/validate_impl.h - what `dagcast validate` is asked for, and the sessions that it predicts. */
#ifndef DAGCAST_CLI_VALIDATE_IMPL_H
#define DAGCAST_CLI_VALIDATE_IMPL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "cli/command.h"
#include "cli/output.h"
#include "cli/scenario_options.h"
#include "validation/drawn.h"
#include "validation/leave_one_out.h"

struct validate_call {
    struct scenario_options scenario;
    struct output_options output;
    const char *information, *plot, *leave_out;
    bool leave_one_out, in_sample, keep_going, stages;
};

/* All that a call loads, freed together. */
struct validate_work {
    size_t n;
    struct session **sessions;
    struct drawn_predictions drawn;
    struct profile_choice *profiles;     /* one a session */
    struct leave_one_out out, unread;    /* `unread`: only what validate_load() skipped */
    const char *const *data_dirs;
};

/* enum leave_out; LEAVE_OUTS: nothing is left out; -1: unknown. */
int validate_leaves_out(const struct validate_call *o);

/* Loads the operands. -1: one cannot be read, with --keep-going none can. */
int validate_load(struct validate_work *w, const struct invocation *call, struct error *err);
/* Predicts each; `level` of enum information, -1: as each session allows. Fails likewise. */
int validate_all(struct validate_work *w, const struct validate_call *o, int level,
                 struct error *err);
/* Each with loops as those of its kind among the others have had them. */
void validate_draw_outcomes(struct validate_work *w);
void validate_work_clear(struct validate_work *w);

#endif
