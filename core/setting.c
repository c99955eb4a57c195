#include "core/setting_impl.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

/* ---- the rows, in the order in which they are applied: what those do that have no plain member
 * is in core/setting_impl.h ---- */

enum {
    EVERYWHERE = SETTING_KEY | SETTING_AXIS | SETTING_CHANGE,
    OF_FILES = SETTING_KEY | SETTING_AXIS
};

#define TEXT_OF(name) .member = { SETTING_MEMBER_POLICY, offsetof(struct scheduler_options, name) }
#define TEXT_AT(name) .member = { SETTING_MEMBER_TEXT, offsetof(struct variant, name) }
#define DOUBLE_AT(name) .member = { SETTING_MEMBER_DOUBLE, offsetof(struct variant, name) }
#define IN_SET(type, name) .member = { SETTING_MEMBER_ ## type, offsetof(struct task_traits, name) }
#define OF_SETS .of = SETTING_OF_SETS, .views = SETTING_AXIS
#define WHAT_IF .type = SETTING_SWITCH, .views = SETTING_WHAT_IF

#define ROW(id, ...) [SETTING_##id] = { __VA_ARGS__ },
static const struct setting rows[SETTINGS] = {
#include "core/setting_rows.h"
};

const struct setting *setting_at(enum setting_id id)
{
    return &rows[id];
}

static int refuse_key(const char *key, unsigned views, struct error *err)
{
    const char *names[SETTINGS + 1] = { NULL };
    size_t n = 0, length = strcspn(key, ".");
    struct str all = { 0 };
    for (int i = 0; i < SETTINGS; i++) {
        if (!(setting_at((enum setting_id)i)->views & views))
            continue;
        names[n++] = setting_at((enum setting_id)i)->name;
        str_addf(&all, "%s%s", n > 1 ? ", " : "", names[n - 1]);
    }
    char *word = xstrndup(key, length);
    const char *near = str_nearest(word, names);
    if (near && str_equal(near, word) && key[length])
        error_set(err, "%s is of no task set; write '%s' alone", near, near);
    else if (near && str_equal(near, word))
        error_set(err, "%s is always of one; write '%s.NAME'", near, near);
    else if (near)
        error_set(err, "no setting '%s' can be given here; did you mean '%s'?", key, near);
    else
        error_set(err, "no setting '%s' can be given here; expected one of %s", key, all.text);
    free(word);
    str_clear(&all);
    return -1;
}

int setting_find(const char *key, unsigned views, struct setting_change *out, struct error *err)
{
    size_t length = strcspn(key, ".");
    const char *part = key[length] ? key + length + 1 : NULL;
    for (int i = 0; i < SETTINGS; i++) {
        const struct setting *s = setting_at((enum setting_id)i);
        if (!(s->views & views) || strlen(s->name) != length || strncmp(s->name, key, length) != 0)
            continue;
        if (part ? s->of == SETTING_OF_SCENARIO : s->of == SETTING_OF_STATION)
            break;
        *out = (struct setting_change){ .id = (enum setting_id)i, .part = part };
        return 0;
    }
    return refuse_key(key, views, err);
}
