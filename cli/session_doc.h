/* cli/session_doc.h - a recorded session as members of the open object: for import, and for pages
 * of recorded runs. */
#ifndef DAGCAST_CLI_SESSION_DOC_H
#define DAGCAST_CLI_SESSION_DOC_H

#include "doc/doc.h"
#include "traces/session.h"

/* Cautions, origin, nodes, tasks, times, beside a simulation with ideal middleware (io_rate > 0:
 * and another with its files, ideal_doc_add()); then the tables of sets, stages, run() calls,
 * steps, notes. */
void session_doc_add(struct doc *d, const struct session *s, double io_rate);

/* The member "tasks" with its sentences; and services as a table. session_tasks.c */
void session_doc_add_tasks(struct doc *d, const struct session *s);
void session_doc_add_services(struct doc *d, const struct session *s);

/* Its parts as tables; `key` NULL: for people only. A demand's column is named after its unit;
 * stages have the gap to the stage before; steps are how long tasks took from event to event. */
void session_doc_add_sets(struct doc *d, const char *key, const char *title,
                          const struct session *s);
void session_doc_add_stages(struct doc *d, const char *key, const char *title,
                            const struct session *s);
void session_doc_add_runs(struct doc *d, const struct session *s);
void session_doc_add_steps(struct doc *d, const struct session *s);
void session_doc_add_notes(struct doc *d, const char *key, const char *title,
                           const struct notes *notes);

/* The nodes that a session ran on, in words and as the member "platform" of the open object. */
void platform_doc_add(struct doc *d, const struct session *s);

/* A recorded run beside its simulation with ideal middleware, and what their difference may be.
 * Adds both makespans, their ratio and a sentence, if the run has a makespan; or why it cannot be
 * simulated. One simulation. io_rate > 0: the same again with its files through a file system of
 * so many MiB/s. */
void ideal_doc_add(struct doc *d, const struct session *s, double io_rate);

/* Cautions about sessions: text first, JSON as `cautions`; every command that reads a session
 * shows them. */

/* On standard error, for a command whose standard output is the document itself or a picture's
 * name: "dagcast plot: NAME: ..." */
void cautions_tell(const char *command, const struct session *s);
/* Facts of the open object, its list "cautions" of {"session", "caution"}; with several sessions,
 * each is named. */
void cautions_add(struct doc *d, const struct session *const *sessions, size_t n);

#endif
