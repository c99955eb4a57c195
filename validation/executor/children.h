/* validation/executor/children.h - processes of this machine: start, watch, end.
 *
 * Started by posix_spawn() (libuv's own spawn forks, which is slow in a large parent), watched
 * through pidfds in libuv's loop, ended with their process groups. Backends that start processes
 * here share it.
 *
 * While a `struct children` lives, SIGINT, SIGTERM and SIGHUP (unless it was ignored: nohup) come
 * out of children_wait() as events. At most one `struct children` a process. */
#ifndef DAGCAST_VALIDATION_EXECUTOR_CHILDREN_H
#define DAGCAST_VALIDATION_EXECUTOR_CHILDREN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct children;
struct children *children_new(double zero_epoch_s, struct error *err);
void children_free(struct children *c);  /* NULL allowed; kills what still runs, and waits for it */

/* Seconds since `zero_epoch_s` by the monotonic clock, set by the real-time clock once in
 * children_new(). Multiples of EXECUTOR_TICK_S. */
double children_now(const struct children *c);
/* the same of a reading of CLOCK_MONOTONIC */
double children_time_of(const struct children *c, double monotonic_s);

struct child_spec {
    uint32_t id;                         /* the caller's, unique among those that run */
    /* NULL-terminated; environment: all of it */
    char *const *argv, *const *environment;
    /* files for standard output and error, made anew; standard input is empty */
    const char *out, *err;
};
/* 0 when the program runs (its exec has succeeded), in a process group of its own, no signal
 * blocked. -1: "cannot run 'x': No such file or directory", ...; CHILDREN_NO_ROOM: the same where
 * that is for want of processes, files or memory. The limit of open files, one for each that runs,
 * is raised when it is reached, if it can be. */
enum { CHILDREN_NO_ROOM = 1 };
int children_spawn(struct children *c, const struct child_spec *spec, struct error *err);

struct child_event {
    /* SIGINT, SIGTERM or SIGHUP came, and the rest says nothing; else a child ended: */
    bool interrupted;
    uint32_t id;
    int status;                          /* as of waitpid() */
    double spawned_s, seen_s;            /* before posix_spawn(); when its end was seen */
};
/* Sleeps until something has happened, or until `until_s` (INFINITY: for ever). When a child ends,
 * what is left of its process group is killed before its event is given out. At most `room` events.
 */
size_t children_wait(struct children *c, double until_s, struct child_event *events, size_t room);

/* to the process group; nothing if it has ended */
void children_signal(struct children *c, uint32_t id, int signal_number);
/* that run, or whose event was not given out */
size_t children_count(const struct children *c);

#endif
