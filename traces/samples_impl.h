/* traces/samples_impl.h - parts of a session's samples. */
#ifndef DAGCAST_TRACES_SAMPLES_IMPL_H
#define DAGCAST_TRACES_SAMPLES_IMPL_H

#include "traces/samples.h"

/* True if it is a sample. Counts it if it is none: a time that it needs was lost (NAN), or its
 * events are in the wrong order. */
bool samples_accept(struct samples *out, enum station_parameter p, double latency_s);

/* ---- polls that are none ---- */

struct waits { size_t n, short_ones; };  /* of one observation a tick */
void samples_count_wait(struct waits *w, double wait_s, double period_s);
/* Where a poll of the period ends each wait, at most half of them are shorter than half of it:
 * counted as coins. Later releases of RADICAL-Pilot send messages instead. */
void samples_refute_poll(struct samples *out, enum station_poll p, const struct waits *w);

/* ---- bulks (samples_bulks.c) ---- */

void bulks_sample(struct samples *out, const struct session *s);
/* of[STATION_AGENT], unless waits refute the agent's poll */
void agent_sample(struct samples *out, const struct session *s);

/* ---- EnTK's part: tasks booked, stages and run()s closed, tasks created ----
 *
 * EnTK books ended tasks one after another, and creates the tasks of a bulk one after another
 * before it submits them. Releases before 1.0 need over a second for each; later ones some
 * milliseconds. */

/* The latest instant at which a bulk can have left the client; NAN: it never left. */
double client_left_by(const struct session_bulk *b);

/* Ended tasks as EnTK booked them, in that order. */
struct booking { double notified_s, booked_s, service_s; };
struct bookings { size_t n; struct booking *at; };
/* empty where EnTK recorded none */
void bookings_init(struct bookings *b, const struct session *s);
void bookings_clear(struct bookings *b);
/* True if EnTK spent most of the time between these instants on booking. */
bool bookings_fill(const struct bookings *b, double from_s, double to_s);

/* Every bulk of the session is one task, though some stage has several. */
bool client_submits_singly(const struct session *s);
/* Adds the samples of close_task, next_stage, next_run and open_task. */
void client_samples_add(struct samples *out, const struct session *s, const struct bookings *b);

/* ---- the launcher from outside: its service, the way to it, what each task did behind it ----
 *
 * k servers in parallel take tasks in order of placement. While more wait than are served, launch i
 * follows launch i - k after one service: L_i - L_(i-k). A task that finds a server free is
 * launched after the way to the launcher and its own service. */

/* Fills of[STATION_LAUNCH], tasks and n_stalls of `out`. O(n log n). */
void launches_sample(struct samples *out, const struct session *s, int servers);

/* ---- a generator of another tool (latencies_generator.c) ---- */

/* What it takes for a bulk of tasks, once results have made room. */
void latencies_of_generator(struct samples *out, const struct session *s);

#endif
