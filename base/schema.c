/* Walks over the fields of an object; what a field holds is in schema_types.c. */
#include "base/schema.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/schema_impl.h"
#include "base/xalloc.h"

/* ---- rows of many fields ---- */

const struct schema_field *schema_next_of_many(struct schema_walk *w)
{
    const struct schema_field *row = &w->schema->fields[w->row];
    int i = (int)w->member++;
    w->one = *row;
    w->one.key = row->key_of(i);
    w->one.offset += (size_t)i * row->stride;
    w->one.help = row->help_of ? row->help_of(i) : row->help;
    if (w->member == row->repeat) {
        w->member = 0;
        w->row++;
    }
    return &w->one;
}

/* ---- reading ---- */

struct found { const cJSON *value; const struct json *parent; };

struct reading {
    const struct schema *schema;
    size_t n, n_groups;
    /* by the order of fields; NULL-terminated */
    const char *key[SCHEMA_MOST_FIELDS + 1];
    struct found found[SCHEMA_MOST_FIELDS];
    struct json group[SCHEMA_MOST_FIELDS];               /* of dotted keys */
};

static void list_keys(struct reading *r, const struct schema *s)
{
    const struct schema_field *f;
    r->schema = s;
    r->n = r->n_groups = 0;
    for (struct schema_walk w = schema_fields(s); (f = schema_next(&w));) {
        assert(r->n < SCHEMA_MOST_FIELDS);
        r->found[r->n] = (struct found){ NULL, NULL };
        r->key[r->n++] = f->key;
    }
    r->key[r->n] = NULL;
}

/* Of a member `key`, in the group whose name has `length` characters (0: none). -1: no field. */
static int find_key(const struct reading *r, const char *group, size_t length, const char *key)
{
    for (size_t i = 0; i < r->n; i++) {
        const char *own = r->key[i];
        if (length > 0) {
            if (strncmp(own, group, length) != 0 || own[length] != '.')
                continue;
            own += length + 1;
        }
        if (own[0] == key[0] && strcmp(own, key) == 0)
            return (int)i;
    }
    return -1;
}

static int refuse_key(const struct reading *r, const struct json *member, const char *group,
                      struct error *err)
{
    const char *known[SCHEMA_MOST_FIELDS + 1];
    char *storage[SCHEMA_MOST_FIELDS];
    size_t n = 0, length = group ? strlen(group) : 0;
    for (size_t i = 0; i < r->n; i++) {
        const char *own = r->key[i];
        if (group && (strncmp(own, group, length) != 0 || own[length] != '.'))
            continue;
        own += group ? length + 1 : 0;
        size_t shown = r->schema->dotted ? strcspn(own, ".") : strlen(own);
        if (n > 0 && strlen(storage[n - 1]) == shown && strncmp(storage[n - 1], own, shown) == 0)
            continue;
        known[n] = storage[n] = xstrndup(own, shown);
        n++;
    }
    known[n] = NULL;
    json_unknown_field(member, known, err);
    while (n > 0)
        free(storage[--n]);
    return -1;
}

static bool is_group(const struct reading *r, const char *key)
{
    size_t length = strlen(key);
    for (size_t i = 0; r->schema->dotted && i < r->n; i++)
        if (strncmp(r->key[i], key, length) == 0 && r->key[i][length] == '.')
            return true;
    return false;
}

static int match_group(struct reading *r, const struct json *member, struct error *err)
{
    struct json *group = &r->group[r->n_groups++];
    *group = *member;
    if (json_expect_object(group, NULL, err) != 0)
        return -1;
    for (struct json e = json_first(group); e.value; e = json_next(&e)) {
        int i = find_key(r, group->key, strlen(group->key), e.key);
        if (i >= 0)
            r->found[i] = (struct found){ e.value, group };
        else if (!json_is_comment(e.key))
            return refuse_key(r, &e, group->key, err);
    }
    return 0;
}

/* Finds the field of each member; none may be unknown. */
static int match_members(struct reading *r, const struct json *at, struct error *err)
{
    if (json_expect_object(at, NULL, err) != 0)
        return -1;
    for (struct json e = json_first(at); e.value; e = json_next(&e)) {
        bool group = is_group(r, e.key);
        int i =
            group || (r->schema->dotted && strchr(e.key, '.')) ? -1 : find_key(r, NULL, 0, e.key);
        if (i >= 0)
            r->found[i] = (struct found){ e.value, at };
        else if (group ? match_group(r, &e, err) != 0 : !json_is_comment(e.key) && !r->schema->open)
            return group ? -1 : refuse_key(r, &e, NULL, err);
    }
    return 0;
}

static int read_field(const struct reading *r, size_t i, const struct schema_field *f,
                      const struct json *at, void *object, struct error *err)
{
    const struct found *found = &r->found[i];
    if (found->value) {
        struct json place = { at->document, found->value, found->parent, found->value->string, 0 };
        if (f->type->takes && !(json_kind_of(&place) & f->type->takes))
            return json_refuse_kind(&place, f->type->words, err);
        return f->type->read ? f->type->read(f, &place, object, err) : 0;
    }
    if (!f->required)
        return 0;
    if (f->missing || !f->type->read)
        return json_error(at, err, f->missing ? "%s" : "needs `%s`",
                          f->missing ? f->missing : f->key);
    struct json place = json_member(at, f->key);
    return f->type->read(f, &place, object, err);        /* "must be a number, is missing" */
}

void schema_defaults(const struct schema *s, void *object)
{
    const struct schema_field *f;
    for (struct schema_walk w = schema_fields(s); (f = schema_next(&w));)
        if (f->initial != 0 || f->type == &schema_text || f->type == &schema_object)
            schema_set_default(f, object);
}

int schema_read(const struct schema *s, const struct json *at, void *object, struct error *err)
{
    struct reading r;
    const struct schema_field *f;
    size_t i = 0;
    list_keys(&r, s);
    schema_defaults(s, object);
    if (match_members(&r, at, err) != 0)
        return -1;
    for (struct schema_walk w = schema_fields(s); (f = schema_next(&w)); i++)
        if (read_field(&r, i, f, at, object, err) != 0)
            return -1;
    if (s->present > 0)
        *((bool *)object + s->present - 1) = true;
    return s->check ? s->check(at, object, err) : 0;
}

/* ---- the rest ---- */

static void add_item(const struct schema *s, cJSON *out, const char *key, cJSON *item)
{
    const char *dot = s->dotted ? strchr(key, '.') : NULL;
    if (!dot) {
        cJSON_AddItemToObject(out, key, item);
        return;
    }
    char *first = xstrndup(key, (size_t)(dot - key));
    cJSON *group = cJSON_GetObjectItemCaseSensitive(out, first);
    if (!group)
        group = cJSON_AddObjectToObject(out, first);
    cJSON_AddItemToObject(group, dot + 1, item);
    free(first);
}

/* A function of a field's type, or of the type that this one is like. */
#define OF_TYPE(f, function)                                                                       \
    ((f)->type->function || !(f)->type->like ? (f)->type : (f)->type->like)->function

void schema_save(const struct schema *s, const void *object, cJSON *out)
{
    const struct schema_field *f;
    for (struct schema_walk w = schema_fields(s); (f = schema_next(&w));) {
        bool omit = !OF_TYPE(f, save) || (f->omit && f->omit(object));
        cJSON *item = omit ? NULL : OF_TYPE(f, save)(f, object);
        if (item)
            add_item(s, out, f->key, item);
    }
}

void schema_clear(const struct schema *s, void *object)
{
    const struct schema_field *f;
    for (struct schema_walk w = schema_fields(s); (f = schema_next(&w));)
        if (OF_TYPE(f, clear))
            OF_TYPE(f, clear)(f, object);
}

void schema_copy(const struct schema *s, void *object)
{
    const struct schema_field *f;
    for (struct schema_walk w = schema_fields(s); (f = schema_next(&w));)
        if (OF_TYPE(f, copy))
            OF_TYPE(f, copy)(f, object);
}
