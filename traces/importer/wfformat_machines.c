/* Machines to nodes: cores, memory, and (in our own field) GPUs and hardware threads. Speeds are
 * not modelled. */
#include <math.h>
#include <stdlib.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "traces/importer/infer.h"
#include "traces/importer/wfformat_impl.h"

enum { MOST_MACHINES = 65535 };

static double number_at(const struct json *at, const char *key)
{
    const cJSON *value = json_member(at, key).value;
    return cJSON_IsNumber(value) ? value->valuedouble : (double)NAN;
}

static int read_cores(const struct json *cpu, struct wf_machines *m)
{
    double cores = number_at(cpu, "coreCount");
    if (isnan(cores))
        cores = number_at(cpu, "count");
    if (!(cores >= 1)) {
        m->no_cores++;
        return 1;
    }
    m->too_many += cores > NODE_MOST_SLOTS;
    return cores > NODE_MOST_SLOTS ? NODE_MOST_SLOTS : (int)cores;
}

static int read_shape(const struct json *at, bool old_layout, struct wf_machines *m,
                      struct node_shape *s, struct error *err)
{
    static const char *const known[] = { "gpus", "threads_per_core", NULL };
    struct json cpu = json_member(at, "cpu"), ours = json_member(at, "dagcast");
    int64_t gpus = 0, threads = 1;
    if (ours.value &&
        (json_expect_object(&ours, known, err) ||
         json_get_int(&ours, "gpus", 0, NODE_MOST_GPUS, &gpus, err) ||
         json_get_int(&ours, "threads_per_core", 1, NODE_MOST_THREADS_PER_CORE, &threads, err)))
        return -1;
    double bytes = number_at(at, "memoryInBytes");
    if (isnan(bytes) && old_layout)
        bytes = number_at(at, "memory") * 1000;
    s->cores = read_cores(&cpu, m);
    s->threads_per_core = (int)threads;
    s->n_slots = s->cores * s->threads_per_core;
    if (s->n_slots > NODE_MOST_SLOTS) {
        m->too_many++;
        s->threads_per_core = 1;
        s->n_slots = s->cores;
    }
    s->n_gpus = (int)gpus;
    s->memory_mib = bytes >= 1048576 && bytes <= 1e18 ? (int64_t)(bytes / 1048576) : 0;
    m->speeds += !isnan(number_at(&cpu, "speedInMHz")) || !isnan(number_at(&cpu, "speed"));
    return 0;
}

static bool same_shape(const struct node_shape *a, const struct node_shape *b)
{
    return a->cores == b->cores && a->threads_per_core == b->threads_per_core &&
           a->n_gpus == b->n_gpus && a->memory_mib == b->memory_mib;
}

static void add_machine(struct wf_machines *m, const char *name, struct node_shape shape)
{
    struct platform *p = m->platform;
    if (!p->n_shapes || !same_shape(&p->shapes[p->n_shapes - 1], &shape)) {
        xgrow(&p->shapes, &m->shape_room, p->n_shapes + 1, sizeof *p->shapes);
        shape.name = xstrdup("machine");
        p->shapes[p->n_shapes++] = shape;
    }
    xgrow(&p->shape_of, &m->node_room, p->n_nodes + 1, sizeof *p->shape_of);
    xgrow(&p->node_names, &m->name_room, p->n_nodes + 1, sizeof *p->node_names);
    p->shape_of[p->n_nodes] = (uint16_t)(p->n_shapes - 1);
    p->node_names[p->n_nodes++] = xstrdup(name);
    if (shape.threads_per_core > 1)
        p->slot_kind = SLOT_THREAD;
}

static int read_list(struct wf *f, const struct json *list, struct wf_machines *m,
                     struct error *err)
{
    if (json_expect_array(list, err))
        return -1;
    if (json_count(list) > MOST_MACHINES)
        return json_error(list, err, "holds %zu machines; at most %d are read", json_count(list),
                          MOST_MACHINES);
    for (struct json e = json_first(list); e.value; e = json_next(&e)) {
        const char *name = NULL;
        struct node_shape shape = { 0 };
        if (json_need_string(&e, "nodeName", &name, err) ||
            read_shape(&e, f->old_layout, m, &shape, err))
            return -1;
        if (name_index_add(m->names, name, 0) >= 0)
            m->again++;
        else
            add_machine(m, name, shape);
    }
    return 0;
}

/* Without machines: one node that holds the largest level at once, and the largest task in any
 * case. */
static struct platform *assumed_platform(const struct wf *f)
{
    int levels = 0, cores = 1, gpus = 0;
    for (size_t i = 0; i < f->n; i++)
        levels = f->links.level[i] + 1 > levels ? f->links.level[i] + 1 : levels;
    double *of_level = xcalloc((size_t)levels, sizeof *of_level), most = 0;
    for (size_t i = 0; i < f->n; i++) {
        const struct demand *d = f->tasks[i].demand;
        of_level[f->links.level[i]] += (double)d->ranks * (d->cores + d->threads);
        most = fmax(most, of_level[f->links.level[i]]);
        gpus = d->gpus > gpus ? d->gpus : d->gpu_share && !gpus ? 1 : gpus;
    }
    free(of_level);
    cores = most < 1 ? 1 : most > NODE_MOST_SLOTS ? NODE_MOST_SLOTS : (int)most;
    return infer_platform(f->session->name, 1, cores, gpus < NODE_MOST_GPUS ? gpus : NODE_MOST_GPUS,
                          NULL, "assumed: the WfFormat instance names no machines");
}

static void note(struct session *s, const struct wf_machines *m)
{
    session_note(s, m->no_cores, "machines", "no number of cores: one is taken");
    session_note(s, m->too_many, "machines",
                 "more than " RESOURCE_DIGITS(NODE_MOST_SLOTS) " cores or threads: cut to that");
    session_note(s, m->again, "machines", "of the name of another: skipped");
    session_note(s, m->speeds, "machines",
                 "their speeds are not modelled: runtimes are taken as measured");
}

int wf_read_machines(struct wf *f, struct error *err)
{
    struct json execution = json_member(&f->workflow, "execution");
    struct json list = json_member(f->old_layout ? &f->workflow : &execution, "machines");
    if ((!f->old_layout && !execution.value) || !list.value || json_count(&list) == 0)
        return 0;
    struct platform *p = f->machines.platform = xcalloc(1, sizeof *p);
    p->name = xstrdup(f->session->name);
    p->source = str_format("machines of the WfFormat instance %s", f->session->name);
    f->session->platform = p;
    f->machines.names = name_index_new();
    int status = read_list(f, &list, &f->machines, err);
    name_index_free(f->machines.names);
    return status;
}

void wf_make_platform(struct wf *f)
{
    if (f->machines.platform) {
        note(f->session, &f->machines);
        return;
    }
    session_note(f->session, 1, "machines",
                 "none described: one node that holds the largest level is assumed");
    f->session->platform = assumed_platform(f);
}
