/* tests/support/radical_by_hand.h - a small session of RADICAL-Pilot 1.33, written by hand, for
 * what the writer of tests/support/session_writer.h cannot say. */
#ifndef DAGCAST_TESTS_SUPPORT_RADICAL_BY_HAND_H
#define DAGCAST_TESTS_SUPPORT_RADICAL_BY_HAND_H

#include "base/str.h"
#include "traces/session.h"

struct radical_by_hand {
    char *folder;                        /* scratch_new() */
    struct str json;                     /* up to the list of tasks: add them */
    struct str agent;                    /* the agent's profile: add rows */
};
struct radical_by_hand radical_by_hand_new(int pilots);
/* Adds what a task says of itself on its node: task t.<i> of pilot.0000 ran from start to stop. */
void radical_by_hand_ran(const struct radical_by_hand *r, int i, double start_s, double stop_s);
/* Writes the files; the folder is the caller's to free (scratch_free()). */
char *radical_by_hand_end(struct radical_by_hand *r);

/* Of files one by one: a file of the folder, what they are as a session, and of it the task of this
 * uid, its record and its demand; a failed check if there is none. */
void radical_file(const char *folder, const char *name, const char *text);
struct session *radical_loaded(const char *folder);
const struct session_task *radical_task(const struct session *s, const char *uid, size_t *record);
const struct demand *radical_demand(const struct session *s, const char *uid, size_t *record);

#endif
