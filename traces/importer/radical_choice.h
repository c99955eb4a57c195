/* traces/importer/radical_choice.h - which of a session's files are its own, and which of its JSON
 * is the session's.
 *
 * A session's folder may hold packages (rp_install, virtual environments) with sessions of their
 * own as examples: these are never read. Of the JSON that remains the session's is the one that is
 * called like the session, else like any session; of several the shallowest; and one that states
 * another session's uid comes last. The session's uid is the name of what was opened, or in the
 * path of a profile. */
#ifndef DAGCAST_TRACES_IMPORTER_RADICAL_CHOICE_H
#define DAGCAST_TRACES_IMPORTER_RADICAL_CHOICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include "base/str.h"

enum { RADICAL_CHOICES = 8 };            /* kept; the worst of more are dropped */

struct radical_choice {                  /* zero-initialised, clear with radical_choice_clear() */
    /* of what was opened, without its ending; borrowed, may be NULL */
    const char *path_name;
    /* the session's as the path of a profile has it; NULL: none has yet */
    char *uid;
    size_t n;
    /* the best first, once sorted */
    struct radical_candidate { char *name; struct str text; } at[RADICAL_CHOICES];
};
void radical_choice_clear(struct radical_choice *c);

/* below rp_install or a virtual environment */
bool radical_choice_is_foreign(const char *name);
/* the first that has one stays */
void radical_choice_learn_uid(struct radical_choice *c, const char *path);

/* The text to fill for this JSON; NULL: better ones are known. Valid until the next call. */
struct str *radical_choice_add(struct radical_choice *c, const char *name);
void radical_choice_sort(struct radical_choice *c);
/* called like some session */
bool radical_choice_is_named(const struct radical_choice *c, const char *name);
/* it states another session's uid */
bool radical_choice_contradicts(const struct radical_choice *c, const cJSON *root);

/* ---- several sessions in one folder or archive: which files belong to which, which is read ----
 *
 * A file's session is the last part of its path that is called like a session
 * ("rp.session.x.0001"), else the folder it lies in, or in which its pilot's folder lies. Records
 * of several are never merged: uids repeat from session to session. */
struct radical_sibling { char *key; uint64_t submissions, launches; };

struct radical_siblings {                /* zero-initialised, clear with radical_siblings_clear() */
    size_t n, room;
    struct radical_sibling *at;
    const char *chosen;                  /* one of the keys; NULL while all is read */
};
void radical_siblings_clear(struct radical_siblings *s);

/* Adds what a file's records told of tasks: submissions by a client, launches by an agent. */
void radical_siblings_count(struct radical_siblings *s, const char *path, uint64_t submissions,
                            uint64_t launches);
/* How many sessions there are; if several, the one with most records is chosen (the first by name
 * if equal). */
size_t radical_siblings_choose(struct radical_siblings *s);
/* it is not the chosen one's */
bool radical_siblings_skip(const struct radical_siblings *s, const char *path);
/* names of the others, four at most. New */
char *radical_siblings_others(const struct radical_siblings *s);

#endif
