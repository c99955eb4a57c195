/* drive/driver_impl.h - the driver's parts to each other. */
#ifndef DAGCAST_DRIVE_DRIVER_IMPL_H
#define DAGCAST_DRIVE_DRIVER_IMPL_H

#include "drive/driver.h"

/* task_over.c */
/* for good */
void driver_task_over(struct driver *d, uint32_t set, uint32_t task, bool failed);
/* a decision has cancelled it */
void driver_task_dropped(struct driver *d, uint32_t set, uint32_t task);

/* Sets stand in places of others since (scheduling/growing.h): what is kept of each begins anew. */
void driver_take_fresh(struct driver *d);

/* submit_order.c */
void submit_init(struct driver *d);
int submit_place(const struct driver *d, int group, uint32_t set);
/* a session that grows: another set stands in this place */
void submit_renew(struct driver *d, int set);

/* submit.c */
void submit_clear(struct driver *d);
void submit_begin(struct driver *d, uint32_t replica, double began_s);
void submit_ready(struct driver *d, const struct ready_run *runs, size_t n);
void submit_again(struct driver *d, uint32_t set, uint32_t task, uint32_t attempt);
/* Past what decisions hold back: until its release, then in the open bulk */
void submit_open(struct driver *d, const struct submission *part);
void submit_on_due(struct driver *d, uint32_t due);

/* submit_releases.c */
void submit_releases_begin(struct driver *d, uint32_t replica, double began_s);
void submit_releases_clear(struct driver_submission *s);
/* tasks of a set that has releases: until these */
void submit_hold(struct driver *d, const struct submission *part);
void submit_on_released(struct driver *d, uint32_t held);

/* submit_resumed.c */
void submit_forget_resumed(struct driver_submission *s);
/* The task runs as this attempt since before; once it is ready, nothing starts. */
void submit_note_running(struct driver *d, const struct driver_running *r);
/* One task of a run that was begun before: it is over, or its next attempt follows. */
void submit_take_up(struct driver *d, struct submission one);
/* Ready tasks that an earlier run has ended are over. */
void submit_settle_known(struct driver *d);
/* When what is handled now happened: now, or of a known end then */
double submit_as_of_s(const struct driver *d);
/* The same since the first session's start */
double submit_since_start_s(const struct driver *d);
bool submit_knows_end(const struct driver *d, uint32_t set, uint32_t task);

/* bulk.c */
void bulk_begin(struct driver *d);
void bulk_clear(struct driver *d);
static inline void bulk_note(const struct driver *d, const struct submission *part,
                             enum submission_step step)
{
    if (d->client)
        d->client->note(d->world, part, step);
}
void bulk_add(struct driver *d, const struct submission *part);          /* to the open one */
/* Released already, or held until then. */
static inline void submit_hold_or_add(struct driver *d, const struct submission *part)
{
    const struct driver_submission *s = &d->submission;
    if (!s->release_s || !s->release_s[part->set] || part->attempt > 0)
        bulk_add(d, part);
    else
        submit_hold(d, part);
}
/* end of an instant: an idle client takes the open bulk, as far as the window allows */
void bulk_settle(struct driver *d);
/* what was cancelled leaves the open bulk, and what waits for the window */
void bulk_drop(struct driver *d);
void bulk_on_arrived(struct driver *d, uint32_t bulk);

/* attempt.c */
void attempt_init(struct driver *d);
void attempt_begin(struct driver *d);
void attempt_clear(struct driver *d);
/* true: it was in the launch queue, and no longer is */
bool attempt_unqueue(struct driver *d, uint32_t id);
uint8_t attempt_lost(const struct driver *d, uint32_t task);      /* that a node's failure ended */
/* One more such of an earlier run; *attempts counts all. */
void driver_count_lost(struct driver *d, uint32_t task, uint8_t *attempts);
/* the first task of the decision */
void attempt_place(struct driver *d, const struct decision *decision);

/* record.c */
void record_clear(struct driver *d);
void record_exists(struct driver *d, uint32_t task);      /* it is not one that never ran */
void record_arrived(struct driver *d, const struct submission *part, double submitted_s);

#endif
