/* traces/importer/radical_siblings.h - several sessions in one folder or archive: which files
 * belong to which, and which one is read.
 *
 * A file's session is the last part of its path that is called like a session
 * ("rp.session.x.0001"), else the folder it lies in, or in which its pilot's folder lies. Records
 * of several are never merged: uids repeat from session to session. */
#ifndef DAGCAST_TRACES_IMPORTER_RADICAL_SIBLINGS_H
#define DAGCAST_TRACES_IMPORTER_RADICAL_SIBLINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct radical_sibling { char *key; uint64_t submissions, launches; };

struct radical_siblings {                /* zero-initialised, clear with radical_siblings_clear() */
    size_t n, room;
    struct radical_sibling *at;
    const char *chosen;                  /* one of the keys; NULL while all is read */
};
void radical_siblings_clear(struct radical_siblings *s);

/* of a file's path inside; "" at the top. New */
char *radical_sibling_key(const char *path);
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
