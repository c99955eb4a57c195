/* study/explain.h - where the time of a run went: every second of the makespan, attributed by
 * walking back from its last event.
 *
 * The walk begins where the last task stopped and goes back through that task: execution, launch,
 * the wait for slots, the agent, the client; then to the task whose end made it ready, and so on to
 * the first start. The steps follow each other without gap or overlap, so they sum to the makespan.
 * A dependency takes no time of its own: the walk goes on in the task that was waited for. Where
 * only a barrier of the mode kept a task back, the time between the end of what it depends on and
 * the end of the barrier is EXPLAIN_BARRIER. A wait for slots is split wherever a task took or
 * freed some, and each part goes to the resource that was scarcest for this task then, and to the
 * set that held most of it. Under a window (`client.window`) a task that waited for others to be
 * over waited for the one that made its room. */
#ifndef DAGCAST_STUDY_EXPLAIN_H
#define DAGCAST_STUDY_EXPLAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/scenario.h"
#include "sim/simulate.h"

enum explain_kind {                      /* study/explain_rows.h says what each is */
#define ROW(id, ...) EXPLAIN_##id,
#include "study/explain_rows.h"
#undef ROW
    EXPLAIN_KINDS
};
const char *explain_kind_key(enum explain_kind k);        /* "launch_queue": for JSON */
/* "launch: waiting for the server": for people */
const char *explain_kind_words(enum explain_kind k);

enum explain_class {
    EXPLAIN_CLASS_WORK, EXPLAIN_CLASS_BARRIER, EXPLAIN_CLASS_RESOURCES, EXPLAIN_CLASS_RELEASE,
    EXPLAIN_CLASS_MIDDLEWARE, EXPLAIN_CLASS_DECISIONS, EXPLAIN_CLASS_FLOWS, EXPLAIN_CLASS_JOBS,
    EXPLAIN_CLASSES,
};
enum explain_class explain_class_of(enum explain_kind k);
const char *explain_class_name(enum explain_class c);

struct explain_step {
    double from_s, to_s;                 /* since the session's start */
    enum explain_kind kind;
    uint32_t task;                       /* of the workflow: on the path then */
    int blame;                           /* set, or -1 */
};
struct explain_path {                    /* zero-initialised; used again and again */
    size_t n, room;
    /* in order of time: each begins where the one before ends */
    struct explain_step *steps;
    double makespan_s;
    bool complete;                       /* every task of this replica is done */
    /* of each step; NULL: the workflow tells */
    struct explain_task { char *set; uint32_t task; } *tasks;
};
void explain_path_clear(struct explain_path *p);
/* Of a session of its own (scheduling/realise.h), which need not outlive the path: blames become
 * sets of its description, and tasks are told by number, name of their set and number in it. */
void explain_path_tell(struct explain_path *p, const struct workflow *session);

struct explainer;                        /* one thread's workspace for one scenario */
/* free with explainer_free() */
struct explainer *explainer_new(const struct scenario *s);
void explainer_free(struct explainer *e);
/* Runs this replica on the scenario's simulator, which fills `timeline`, and walks back through it.
 * O(records log records + waits of the path x nodes). */
void explainer_run(struct explainer *e, struct simulator *simulator, uint32_t replica,
                   struct timeline *timeline, struct explain_path *path, struct replica *out);

struct explanation {                     /* of replicas 0 .. replicas - 1; zero-initialised */
    size_t replicas;
    double makespan_s;                   /* mean */
    double share_complete;               /* of replicas: every task done */
    size_t n_sets;
    /* mean; of kind k blamed on set b at [k][b + 1]; NULL: no time went there */
    double *seconds[EXPLAIN_KINDS];
    struct explain_path path;            /* of replica 0 */
};
/* The next replica, in order; takes the first one's path. The figures are sums up to
 * explanation_end(), then means. */
void explanation_add(struct explanation *e, const struct workflow *w, struct explain_path *path);
void explanation_end(struct explanation *e);
void explanation_clear(struct explanation *e);
/* mean seconds; of one set (-1: of none), over all of them */
double explanation_of(const struct explanation *e, enum explain_kind k, int blame);
double explanation_of_kind(const struct explanation *e, enum explain_kind k);
double explanation_of_class(const struct explanation *e, enum explain_class c);

#endif
