/* validation/watched.h - a run that is under way, read from what it has written so far: its plan,
 * where it is, and whether it goes on.
 *
 * A folder of `dagcast execute` brings its plan along, and its lock says whether it is being
 * executed. Any other place is read by the importers; its plan is what it has shown so far, or a
 * workflow whose task sets are found again by name, else by demand in their order. Such a run goes
 * on while its files change. */
#ifndef DAGCAST_VALIDATION_WATCHED_H
#define DAGCAST_VALIDATION_WATCHED_H

#include <stdbool.h>

#include "base/error.h"
#include "core/scenario.h"
#include "traces/run_folder.h"
#include "validation/predict_session.h"
#include "validation/profile_choice.h"
#include "validation/run_state.h"

struct watch_place {
    const char *path;
    const struct workflow *workflow;     /* the whole plan; NULL: as above */
    /* name or path of a profile; NULL: the closest shipped one, or ideal */
    const char *middleware;
    int mode;                            /* enum mode; -1: as executed */
    const char *const *data_dirs;
    double wall_epoch_s;                 /* Unix time now */
    /* files that have not changed for so long are not written any more */
    double idle_s;
};

/* stopped: not all is done, and nobody writes */
enum watch_going { WATCH_GOES_ON, WATCH_ENDED, WATCH_STOPPED };

struct watched {
    struct scenario plan;
    struct run_state state;              /* tasks numbered as in plan.workflow */
    enum watch_going going;
    bool knows_plan;                     /* false: tasks that nothing has shown yet may come */
    double zero_epoch_s;                 /* Unix time of the run's clock; NAN */
    /* of the allocation, or else of the run's first start, on its clock; NAN */
    double begin_s;
    double walltime_s;                   /* of the allocation, as recorded; NAN */
    /* private: what the above points to */
    struct run_folder folder;
    struct session *session;
    struct session_scenario asked;
    struct workflow *own;
    struct middleware *middleware;
    bool has_asked;
};
/* -1: no place that can be read (yet). */
int watched_load(struct watched *out, const struct watch_place *place, struct error *err);
void watched_clear(struct watched *w);

#endif
