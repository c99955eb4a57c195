/* study/ledger.h - a log in an SQLite file to which entries are only added, each bound to all
 * before it by a hash.
 *
 * Entry n has a kind, a content (JSON text) and hash(n) = SHA-256(hash(n - 1) "\n" kind "\n"
 * content); hash(0) is 64 zeros. Opening a ledger computes every hash again: an entry that was
 * changed, removed or put in between is found. Entries cut off at the end are not, unless somebody
 * has kept a later hash: ledger_find(). Table `entries` (number, kind, content, hash). */
#ifndef DAGCAST_STUDY_LEDGER_H
#define DAGCAST_STUDY_LEDGER_H

#include <stddef.h>

#include "base/error.h"

enum { LEDGER_HASH_LENGTH = 64 };        /* hexadecimal digits, without the NUL */

struct ledger_entry {
    const char *kind, *content, *hash;
};

struct ledger;
/* -1: no ledger, or its chain is broken; the sentence names the entry. */
/* or opens the one that is there */
struct ledger *ledger_create(const char *path, struct error *err);
/* to read, or to add to: it must exist */
struct ledger *ledger_open(const char *path, struct error *err);
void ledger_close(struct ledger *l);     /* NULL allowed */

size_t ledger_count(const struct ledger *l);
/* i < count; lives until the next call that adds */
struct ledger_entry ledger_at(const struct ledger *l, size_t i);
/* The entry whose hash begins with `prefix`; SIZE_MAX: none, or several. */
size_t ledger_find(const struct ledger *l, const char *prefix);

/* Adds an entry behind the last one, which another process may have added meanwhile. Synced when it
 * returns. */
int ledger_add(struct ledger *l, const char *kind, const char *content, struct error *err);

#endif
