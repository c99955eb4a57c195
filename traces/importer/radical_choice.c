#include "traces/importer/radical_choice.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "traces/archive.h"
#include "traces/packed_file.h"

static const char session_mark[] = ".session.";

void radical_choice_clear(struct radical_choice *c)
{
    for (size_t i = 0; i < c->n; i++) {
        free(c->at[i].name);
        str_clear(&c->at[i].text);
    }
    free(c->uid);
    *c = (struct radical_choice){ .path_name = c->path_name };
}

static bool is_package_folder(const char *part, size_t n)
{
    static const char *const names[] = { "rp_install", "ve", "site-packages", "dist-packages" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (n == strlen(names[i]) && !memcmp(part, names[i], n))
            return true;
    return n > 3 && !memcmp(part, "ve.", 3);             /* ve.rp.<resource>.<version> */
}

bool radical_choice_is_foreign(const char *name)
{
    for (const char *part = name, *slash; (slash = strchr(part, '/')); part = slash + 1)
        if (is_package_folder(part, (size_t)(slash - part)))
            return true;
    return false;
}

/* A file's name without its last ending. */
static size_t stem_length(const char *part, size_t n)
{
    static const char *const endings[] = { ".json", ".prof" };
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t k = strlen(endings[i]);
        if (n > k && !memcmp(part + n - k, endings[i], k))
            return n - k;
    }
    return n;
}

void radical_choice_learn_uid(struct radical_choice *c, const char *path)
{
    for (const char *part = path; part && !c->uid; ) {
        size_t n = strcspn(part, "/"), stem = stem_length(part, n);
        char *text = xstrndup(part, stem);
        if (strstr(text, session_mark))
            c->uid = xstrdup(text);
        free(text);
        part = part[n] ? part + n + 1 : NULL;
    }
}

static bool is_own(const struct radical_choice *c, const char *text, size_t n)
{
    return (c->uid && strlen(c->uid) == n && !memcmp(text, c->uid, n)) ||
           (c->path_name && strlen(c->path_name) == n && !memcmp(text, c->path_name, n));
}

bool radical_choice_is_named(const struct radical_choice *c, const char *name)
{
    const char *file = str_file_name(name);
    return strstr(file, session_mark) || is_own(c, file, stem_length(file, strlen(file)));
}

/* Less is better: names first, then depth. */
static size_t badness(const struct radical_choice *c, const char *name)
{
    const char *file = str_file_name(name);
    size_t depth = 0, rank = is_own(c, file, stem_length(file, strlen(file))) ? 0
                             : radical_choice_is_named(c, name)               ? 1
                                                                              : 2;
    for (const char *p = name; (p = strchr(p, '/')); p++)
        depth++;
    return rank * ((size_t)1 << 20) + depth;
}

struct str *radical_choice_add(struct radical_choice *c, const char *name)
{
    size_t at = c->n, new_badness = badness(c, name);
    for (size_t i = 0; c->n == RADICAL_CHOICES && i < c->n; i++)
        if (badness(c, c->at[i].name) > (at == c->n ? new_badness : badness(c, c->at[at].name)))
            at = i;
    if (at == RADICAL_CHOICES)
        return NULL;
    if (at < c->n) {
        free(c->at[at].name);
        str_clear(&c->at[at].text);
    } else {
        c->n++;
    }
    c->at[at] = (struct radical_candidate){ .name = xstrdup(name) };
    return &c->at[at].text;
}

/* By insertion: few, and ties keep their order. */
void radical_choice_sort(struct radical_choice *c)
{
    for (size_t i = 1; i < c->n; i++) {
        struct radical_candidate moved = c->at[i];
        size_t k = i;
        for (; k > 0 && badness(c, c->at[k - 1].name) > badness(c, moved.name); k--)
            c->at[k] = c->at[k - 1];
        c->at[k] = moved;
    }
}

bool radical_choice_contradicts(const struct radical_choice *c, const cJSON *root)
{
    const cJSON *session =
        cJSON_IsObject(root) ? cJSON_GetObjectItemCaseSensitive(root, "session") : NULL;
    if (cJSON_IsArray(session))
        session = cJSON_GetArrayItem(session, 0);
    const cJSON *uid =
        cJSON_IsObject(session) ? cJSON_GetObjectItemCaseSensitive(session, "uid") : NULL;
    const char *text = cJSON_IsString(uid) ? uid->valuestring : NULL;
    bool knows = c->uid || (c->path_name && strstr(c->path_name, session_mark));
    return knows && text && strstr(text, session_mark) && !is_own(c, text, strlen(text));
}

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
    char *name = xstrndup(part, n), *pilot = strstr(name, "-pilot.");
    if (pilot)
        *pilot = '\0';
    name[archive_name_length(name)] = '\0';
    name[packed_file_name_length(name)] = '\0';
    name[stem_length(name, strlen(name))] = '\0';
    return name;
}

static bool part_has(const char *part, size_t n, const char *text)
{
    const char *found = strstr(part, text);
    return found && found + strlen(text) <= part + n;
}

/* of a file's path inside; "" at the top. New */
static char *radical_sibling_key(const char *path)
{
    char *key = NULL;
    const char *folder_end = path;
    bool below_pilot = false;
    for (const char *part = path, *slash; part; part = slash ? slash + 1 : NULL) {
        slash = strchr(part, '/');
        size_t n = slash ? (size_t)(slash - part) : strlen(part);
        if (part_has(part, n, session_mark)) {
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
    return strstr(s->key, session_mark) != NULL;
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
