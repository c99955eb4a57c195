#include "traces/importer/radical_siblings.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"

void radical_siblings_clear(struct radical_siblings *s)
{
    for (size_t i = 0; i < s->n; i++)
        free(s->at[i].key);
    free(s->at);
    *s = (struct radical_siblings){ 0 };
}

/* "rp.session.x.0001-pilot.0000", "rp.session.x.0001.prof" -> "rp.session.x.0001" */
static char *session_of_part(const char *part, size_t n)
{
    static const char *const endings[] = { ".prof", ".json", ".tgz", ".tbz", ".tbz2", ".tar", ".gz",
                                           ".bz2", ".xz", ".zst", ".zip" };
    char *name = xstrndup(part, n), *pilot = strstr(name, "-pilot.");
    if (pilot)
        *pilot = '\0';
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (str_ends(name, endings[i])) {
            name[strlen(name) - strlen(endings[i])] = '\0';
            i = (size_t)-1;                              /* ".tar" under ".gz" */
        }
    return name;
}

static bool part_has(const char *part, size_t n, const char *text)
{
    const char *found = strstr(part, text);
    return found && found + strlen(text) <= part + n;
}

char *radical_sibling_key(const char *path)
{
    char *key = NULL;
    const char *folder_end = path;
    bool below_pilot = false;
    for (const char *part = path, *slash; part; part = slash ? slash + 1 : NULL) {
        slash = strchr(part, '/');
        size_t n = slash ? (size_t)(slash - part) : strlen(part);
        if (part_has(part, n, ".session.")) {
            free(key);
            key = session_of_part(part, n);
        }
        below_pilot |= n > 6 && !strncmp(part, "pilot.", 6) && slash;
        if (slash && !below_pilot)
            folder_end = slash;
    }
    return key ? key : xstrndup(path, (size_t)(folder_end - path));
}

void radical_siblings_count(struct radical_siblings *s, const char *path, uint64_t submissions,
                            uint64_t launches)
{
    if (!submissions && !launches)
        return;
    char *key = radical_sibling_key(path);
    size_t i = 0;
    while (i < s->n && strcmp(s->at[i].key, key) != 0)
        i++;
    if (i == s->n) {
        xgrow(&s->at, &s->room, s->n + 1, sizeof *s->at);
        s->at[s->n++] = (struct radical_sibling){ .key = xstrdup(key) };
    }
    s->at[i].submissions += submissions;
    s->at[i].launches += launches;
    free(key);
}

static bool is_named(const struct radical_sibling *s)
{
    return strstr(s->key, ".session.") != NULL;
}

/* A client's profiles make a session. An agent's alone do if they and every client's lie under
 * names of sessions: else they may be the other half of one that was split. */
static bool is_session(const struct radical_siblings *all, const struct radical_sibling *s)
{
    bool clients_named = true;
    for (size_t i = 0; i < all->n; i++)
        clients_named &= !all->at[i].submissions || is_named(&all->at[i]);
    return s->submissions > 0 || (is_named(s) && clients_named);
}

size_t radical_siblings_choose(struct radical_siblings *s)
{
    const struct radical_sibling *best = NULL;
    size_t sessions = 0;
    for (size_t i = 0; i < s->n; i++) {
        const struct radical_sibling *x = &s->at[i];
        if (!is_session(s, x))
            continue;
        sessions++;
        uint64_t mine = x->submissions + x->launches,
                 most = best ? best->submissions + best->launches : 0;
        if (!best || mine > most || (mine == most && strcmp(x->key, best->key) < 0))
            best = x;
    }
    s->chosen = sessions > 1 ? best->key : NULL;
    return sessions;
}

bool radical_siblings_skip(const struct radical_siblings *s, const char *path)
{
    if (!s->chosen)
        return false;
    char *key = radical_sibling_key(path);
    bool skip = strcmp(key, s->chosen) != 0;
    free(key);
    return skip;
}

char *radical_siblings_others(const struct radical_siblings *s)
{
    enum { NAMED = 4 };
    struct str names = { 0 };
    size_t others = 0;
    for (size_t i = 0; i < s->n; i++) {
        if (!is_session(s, &s->at[i]) || s->at[i].key == s->chosen)
            continue;
        if (others++ < NAMED)
            str_addf(&names, others > 1 ? ", %s" : "%s",
                     *s->at[i].key ? s->at[i].key : "(the top folder)");
    }
    if (others > NAMED)
        str_addf(&names, " and %zu more", others - NAMED);
    char *copy = xstrdup(names.text ? names.text : "");
    str_clear(&names);
    return copy;
}
