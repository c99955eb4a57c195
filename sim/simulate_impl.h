/* sim/simulate_impl.h - the state of one simulated replica: the virtual world that a driver
 * (drive/driver.h) asks.
 *
 * Shared by its parts: the client and the agent (client.c), launch servers and cold starts
 * (execute_launch.c), launch to an end (execute.c), what an end brings (execute_over.c), ends
 * before their time (execute_cut.c), tasks kept apart (alone.c), the records on their way to a
 * reader (stream.c), one session (simulate_session.c), and the wiring (simulate.c). */
#ifndef DAGCAST_SIM_SIMULATE_IMPL_H
#define DAGCAST_SIM_SIMULATE_IMPL_H

#include "core/durations.h"
#include "drive/driver.h"
#include "sim/chain.h"
#include "sim/draw_ahead.h"
#include "sim/simulate.h"
#include "sim/stations.h"

struct occupied { double slots, gpus; };                 /* by one task */

/* Many members: the whole state of one replica, allocated once and used again. */
struct simulator {
    struct driver drive;
    struct durations *durations;
    struct draw_ahead *draws;            /* of durations */
    struct stations *stations;
    struct failures *failures;           /* NULL: no node fails */
    struct blocks *blocks;               /* NULL: all nodes are there from the start */
    struct pilots *pilots; /* NULL: one job at a time (sim/pilots.h) */
    struct phases *phases;               /* NULL: each end is known at its start (sim/phases.h) */
    bool direct;                         /* no client, no agent: a ready task has arrived */
    bool instant_end;                    /* no detection, freeing or notification */
    /* Of this session: a task's end is known at its start, and only sums and counts come of it */
    bool plain;
    bool has_power;                      /* of every node */
    const uint32_t *class_of_set;        /* of the pool */

    /* client */
    double client_left_s;                /* the last bulk, where bulks have a limit; else NAN */
    bool first_bulk_done;
    bool *cold_set;                      /* COLD_BURST: its bulk starts cold */
    int cold_bulks_seen;

    /* execution */
    double *server_free_s; /* of each launch server, pilot by pilot */
    bool *servers_up; /* those of a pilot, or on their way: a task was placed */
    double *detected_s;                  /* of each attempt, where there are cancellations */
    size_t detected_room;
    double first_stop_s;
    bool *node_seen;
    uint32_t *last_node;                 /* of each pilot's last launch; UINT32_MAX: none yet */
    bool books;                          /* ended tasks are booked one after another, */
    double booked_s;                     /* ... until then so far */
    /* of each group's first attempts; NAN: not drawn yet; NULL: instant_end */
    double *notify_s;

    struct alone *alone;                 /* NULL: the launcher keeps nothing apart */
    struct chain *chain;                 /* NULL: one session */

    /* results */
    const struct record_sink *sink;      /* not owned; NULL: not recorded */
    /* records that the sink does not have yet; NULL until something is recorded */
    struct timeline *piece;
    size_t piece_full;                   /* it is time to hand some on */
    struct task_instants *instants;      /* not owned; NULL: not watched */
    struct replica out;
    double known_s;                      /* when the client knew of the last task */
};

static inline struct occupied simulate_occupied_by_class(const struct simulator *s,
                                                         size_t demand_class)
{
    const struct slot_demand *d = pool_class(dispatch_pool(s->drive.dispatch), demand_class);
    double gpus =
        d->gpu_share > 0 ? d->gpus + (double)d->gpu_share / DEMAND_WHOLE_GPU : d->gpus;
    return (struct occupied){ (double)d->ranks * d->slots, d->ranks * gpus };
}

static inline struct occupied simulate_occupied(const struct simulator *s, const struct attempt *a)
{
    return simulate_occupied_by_class(s, s->class_of_set[a->set]);
}

/* Of a session among those of a chain. */
struct session_place {
    size_t job;                          /* the first: 0 */
    double began_s;                      /* after the first one */
    /* tasks that sessions before have done; NULL: none has run */
    const bool *done;
    const uint8_t *failed;               /* attempts that failed there */
    /* when the client knew of each one's last end; on this session's clock */
    const double *known_s;
};
/* simulate_session.c */
void simulate_session(struct simulator *s, uint32_t replica, const struct session_place *place,
                      const struct record_sink *sink, struct replica *out);
bool simulate_told_to_stop(const struct simulator *s);

/* client.c */
extern const struct client_ops client_ops;
extern const struct client_ops client_that_stages;       /* if there are phases */
void client_begin(struct simulator *s);
void client_clear(struct simulator *s);
void client_on_left(struct simulator *s, uint32_t bulk);

/* A launch server takes it up, and is done with it. */
struct launch { double served_s, launched_s; };

/* execute_launch.c */
void execute_launch_begin(struct simulator *s);
void execute_launch_clear(struct simulator *s);
/* A serial server's turn for the attempt, which is placed now. */
struct launch execute_launch(struct simulator *s, const struct attempt *a);
/* To be asked once for each launch, in their order: it notes which nodes have been used. */
bool execute_starts_cold(struct simulator *s, const struct attempt *a, double launched_s);

/* execute.c */
void execute_begin(struct simulator *s);
void execute_clear(struct simulator *s);
/* waits no longer; prefetches the draws */
void execute_placed(void *simulator, const struct decision *decisions, size_t n);
enum start_result execute_start(void *simulator, uint32_t attempt);
/* It runs from now on; all that follows is known. */
void execute_admit(struct simulator *s, uint32_t attempt, const struct launch *l);
/* its phases inside the slots have ended */
void execute_ended(struct simulator *s, uint32_t attempt);
/* number of its task in the workflow */
size_t execute_task(const struct simulator *s, const struct attempt *a);
/* The client has booked its end; NAN: not yet. Only if instants are watched. */
void execute_note_booked(const struct simulator *s, const struct attempt *a, double at_s);
/* What a decision may cancel has no end that is sure before it is over. */
bool execute_records_late(const struct simulator *s, const struct attempt *a);

/* execute_over.c */
/* The agent sees the attempt's end at that time, and a live task less. */
void execute_expect_detected(struct simulator *s, uint32_t attempt, double detected_s);
void execute_on_detected(struct simulator *s, uint32_t attempt);
/* once the sink and the watched instants are set */
bool execute_is_plain(const struct simulator *s);
void execute_on_freed(struct simulator *s, uint32_t attempt);
void execute_on_notified(struct simulator *s, uint32_t attempt);
void execute_on_booked(struct simulator *s, uint32_t attempt);
void execute_staged_out(struct simulator *s, uint32_t attempt);
/* Into the sums of s->out: what the attempt did while it ran, up to `stopped_s`, and what it held
 * up to `freed_s`. `lost`: its work was in vain. */
void execute_account(struct simulator *s, const struct attempt *a, double stopped_s, double freed_s,
                     bool lost);
/* when the client knows of what is over by then */
double execute_notified(const struct simulator *s, const struct attempt *a, double over_s);

/* execute_cut.c */
void execute_lost(struct simulator *s, uint32_t attempt);        /* a node's failure ends it */
/* Its slots are gone, and what it did since its last checkpoint. */
enum fate execute_lose_slots(struct simulator *s, uint32_t attempt);
void execute_cancel(void *simulator, uint32_t attempt);
void execute_kill_all(void *simulator);                  /* the walltime is over */
/* The status that the walltime gives a task whose slots are not free by then. */
enum task_status execute_status_at(const struct attempt *a, double walltime_s);

/* alone.c: tasks that the launcher keeps apart (enum alone_rule) */
/* NULL: it keeps none apart */
struct alone *alone_new(const struct scenario *scenario);
void alone_free(struct alone *a);
void alone_begin(struct alone *a, uint64_t seed, uint32_t replica);
void alone_launch(struct simulator *s, uint32_t attempt, const struct launch *l);
void alone_on_launched(struct simulator *s, uint32_t attempt);
void alone_on_stopped(struct simulator *s, uint32_t attempt);
/* Cancelled, or lost with its node, while its slots are still its own: none waits for it. */
void alone_gone(struct simulator *s, uint32_t attempt);

/* stream.c; all but the first two only while there is a sink */
/* NULL: nothing is recorded */
void stream_begin(struct simulator *s, const struct record_sink *sink);
void stream_clear(struct simulator *s);
/* as soon as its end is known, or when it is killed before (freed_s: INFINITY) */
void stream_task(struct simulator *s, uint32_t attempt, double freed_s);
/* ended by a node's failure, now */
void stream_lost(struct simulator *s, uint32_t attempt, double freed_s);
void stream_end(struct simulator *s);                    /* s->out is complete */

#endif
