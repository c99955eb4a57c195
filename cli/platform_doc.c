#include "cli/session_doc.h"

#include <string.h>

#include "cli/words.h"

/* "84-87": ascending ids with stretches joined. */
static void add_ids(struct str *out, const int *ids, size_t n)
{
    for (size_t i = 0, last; i < n; i = last + 1) {
        for (last = i; last + 1 < n && ids[last + 1] == ids[last] + 1; last++)
            continue;
        str_addf(out, i ? ",%d" : "%d", ids[i]);
        if (last > i)
            str_addf(out, "-%d", ids[last]);
    }
}

/* "4 x 1 core, 0 GPUs, 4 GiB". */
static void add_shape(struct str *out, const struct session *s, size_t n,
                      const struct node_shape *shape)
{
    const char *slots = session_slot_name(s);
    str_addf(out, "%zu x %d %.*s, ", n, shape->n_slots,
             (int)(strlen(slots) - (shape->n_slots == 1)), slots);
    words_add_count(out, (size_t)shape->n_gpus, "GPU");
    if (shape->memory_mib)
        str_addf(out, ", %.4g GiB", (double)shape->memory_mib / 1024);
    if (shape->n_blocked) {
        str_addf(out, "; %zu never given to a task: ", shape->n_blocked);
        add_ids(out, shape->blocked, shape->n_blocked);
    }
}

static void add_node_words(struct doc *d, const struct session *s)
{
    const struct platform *p = s->platform;
    struct str words = { 0 };
    const char *label = "nodes";
    for (size_t k = 0; k < p->n_shapes; k++) {
        struct words_alike nodes = words_nodes_alike(p, k);
        if (!nodes.n)
            continue;
        if (words.length)
            doc_fact(d, NULL, label, DOC_TEXT, doc_words(&words));
        label = words.length ? "" : label;
        add_shape(&words, s, nodes.n, &p->shapes[k]);
        words_add_joins(&words, &nodes);
        if (p->n_shapes > 1)
            str_addf(&words, " (%s)", p->shapes[k].name);
    }
    if (s->highest_slot_seen >= 0 && s->highest_slot_seen + 1 < platform_node(p, 0)->n_slots)
        str_addf(&words, "; above %d nothing was seen", s->highest_slot_seen);
    if (s->asked_cores) {
        str_add(&words, "; asked for ");
        words_add_count(&words, (size_t)s->asked_cores, "core");
        str_add(&words, ", ");
        words_add_count(&words, (size_t)s->asked_gpus, "GPU");
    }
    doc_fact(d, NULL, label, DOC_TEXT, doc_words(&words));
}

static void add_shape_members(struct doc *d, const struct session *s,
                              const struct node_shape *shape)
{
    cJSON *blocked = cJSON_CreateIntArray(shape->blocked, (int)shape->n_blocked);
    doc_fact(d, "slots_per_node", NULL, DOC_COUNT, doc_number(shape->n_slots));
    doc_fact(d, "slots", NULL, DOC_TEXT, doc_text(session_slot_name(s)));
    doc_fact(d, "gpus_per_node", NULL, DOC_COUNT, doc_number(shape->n_gpus));
    if (shape->memory_mib)
        doc_fact(d, "memory_mib_per_node", NULL, DOC_COUNT, doc_number((double)shape->memory_mib));
    doc_data(d, "blocked", blocked ? blocked : cJSON_CreateArray());
}

/* The members beside "nodes" are of the first node; "kinds" has all where there are several. */
void platform_doc_add(struct doc *d, const struct session *s)
{
    const struct platform *p = s->platform;
    if (!p || !p->n_nodes)
        return;
    add_node_words(d, s);
    doc_open(d, "platform");
    doc_fact(d, "nodes", NULL, DOC_COUNT, doc_number((double)p->n_nodes));
    add_shape_members(d, s, platform_node(p, 0));
    if (p->n_shapes > 1) {
        doc_open_list(d, "kinds");
        for (size_t k = 0; k < p->n_shapes; k++) {
            doc_open(d, NULL);
            doc_fact(d, "name", NULL, DOC_TEXT, doc_text(p->shapes[k].name));
            doc_fact(d, "nodes", NULL, DOC_COUNT,
                     doc_number((double)platform_nodes_of_shape(p, k)));
            add_shape_members(d, s, &p->shapes[k]);
            doc_close(d);
        }
        doc_close(d);
    }
    doc_close(d);
}
