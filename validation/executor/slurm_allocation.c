#include "validation/executor/slurm_allocation.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "validation/executor/slurm_commands.h"

static const char *variable(char *const *environment, const char *name)
{
    size_t n = strlen(name);
    for (; *environment; environment++)
        if (strncmp(*environment, name, n) == 0 && (*environment)[n] == '=' &&
            (*environment)[n + 1])
            return *environment + n + 1;
    return NULL;
}

static char *show_hostnames(void *context, const char *list, struct error *err)
{
    char *const *const *environment = context;
    return slurm_hostnames(list, *environment, err);
}

/* How many ids "0-3,8" lists. */
static int count_ids(const char *list)
{
    int n = 0;
    for (char *end; *list; list = end + (*end == ',')) {
        long first = strtol(list, &end, 10), last = *end == '-' ? strtol(end + 1, &end, 10) : first;
        if (end == list || (*end && *end != ','))
            return n;
        n += (int)(last - first) + 1;
    }
    return n;
}

/* How many GPUs "gpu:a100:2(IDX:0,2),gpu:1(IDX:3),nic:1" has. */
static int count_gpus(const char *gres)
{
    int n = 0;
    while (*gres) {
        size_t length = strcspn(gres, "(,");
        const char *number = gres + length;
        while (number > gres && strchr("0123456789", number[-1]))
            number--;
        if (str_starts(gres, "gpu:"))
            n += atoi(number);
        gres += length;
        gres += *gres == '(' ? strcspn(gres, ")") + (strchr(gres, ')') != NULL) : 0;
        gres += *gres == ',';
    }
    return n;
}

static struct slurm_node *find_node(const struct slurm_allocation *a, const char *name)
{
    for (size_t i = 0; i < a->n; i++)
        if (str_equal(a->nodes[i].name, name))
            return &a->nodes[i];
    return NULL;
}

/* One group: "Nodes=n[1-4] CPU_IDs=0-15 Mem=0 GRES=gpu:4(IDX:0-3)". */
static int read_group(struct slurm_allocation *a, const char *text, slurm_expand_fn expand,
                      void *context, struct error *err)
{
    char *list = slurm_field(text, "Nodes"), *cpus = slurm_field(text, "CPU_IDs"),
         *gres = slurm_field(text, "GRES"), *memory = slurm_field(text, "Mem");
    char *names = expand(context, list, err);
    for (char *name = names ? strtok(names, "\n") : NULL; name; name = strtok(NULL, "\n")) {
        struct slurm_node *node = find_node(a, name);
        if (!node)
            continue;
        node->cpus = node->cores = count_ids(cpus);
        node->threads_per_core = 1;
        node->gpus = count_gpus(gres);
        node->memory_mib = atoll(memory);
    }
    int status = names ? 0 : -1;
    xfree(names, memory, gres, cpus, list);
    return status;
}

int slurm_allocation_read_job(struct slurm_allocation *a, const char *text, slurm_expand_fn expand,
                              void *context, struct error *err)
{
    for (const char *group = text; (group = strstr(group, " Nodes=")); group++)
        if (read_group(a, group, expand, context, err))
            return -1;
    for (size_t i = 0; i < a->n; i++)
        if (a->nodes[i].cores == 0)
            return error_set(err, "Slurm does not say which cores of node %s belong to job %s",
                             a->nodes[i].name, a->job);
    return 0;
}

void slurm_allocation_read_nodes(struct slurm_allocation *a, const char *text)
{
    for (const char *line = text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        char *name = slurm_field(line, "NodeName"), *threads = slurm_field(line, "ThreadsPerCore");
        struct slurm_node *node = find_node(a, name);
        int n = atoi(threads);
        if (node && n > 0) {
            node->threads_per_core = n;
            node->cores = (node->cpus + n - 1) / n;
        }
        xfree(threads, name);
    }
}

static void read_names(struct slurm_allocation *a, char *names)
{
    for (char *name = strtok(names, "\n"); name; name = strtok(NULL, "\n")) {
        a->nodes = xrealloc(a->nodes, a->n + 1, sizeof *a->nodes);
        a->nodes[a->n++] = (struct slurm_node){ .name = xstrdup(name) };
    }
}

static int read_all(struct slurm_allocation *a, const char *list, char *const *environment,
                    struct error *err)
{
    int status = -1;
    char *names = slurm_hostnames(list, environment, err), *nodes = NULL;
    char *job = NULL;
    if (names)
        job = slurm_ask(
            (const char *[]){ "scontrol", "--details", "--oneliner", "show", "job", a->job, NULL },
            environment, err);
    if (job)
        nodes = slurm_ask((const char *[]){ "scontrol", "--oneliner", "show", "node", list, NULL },
                          environment, err);
    if (nodes) {
        read_names(a, names);
        status = slurm_allocation_read_job(a, job, show_hostnames, &environment, err);
        slurm_allocation_read_nodes(a, nodes);
    }
    xfree(nodes, job, names);
    return status;
}

int slurm_allocation_read(struct slurm_allocation *a, char *const *environment, struct error *err)
{
    const char *job = variable(environment, "SLURM_JOB_ID"),
               *list = variable(environment, "SLURM_JOB_NODELIST");
    *a = (struct slurm_allocation){ 0 };
    if (!job || !list)
        return error_set(err,
                         "this is not inside a Slurm allocation (%s is not set); start it through "
                         "salloc or sbatch",
                         job ? "SLURM_JOB_NODELIST" : "SLURM_JOB_ID");
    a->job = xstrdup(job);
    if (read_all(a, list, environment, err) == 0)
        return 0;
    slurm_allocation_clear(a);
    return -1;
}

void slurm_allocation_clear(struct slurm_allocation *a)
{
    for (size_t i = 0; i < a->n; i++)
        free(a->nodes[i].name);
    xfree(a->nodes, a->job);
    *a = (struct slurm_allocation){ 0 };
}

static bool alike(const struct slurm_node *a, const struct slurm_node *b)
{
    return a->cores == b->cores && a->threads_per_core == b->threads_per_core &&
           a->gpus == b->gpus && a->memory_mib == b->memory_mib;
}

static cJSON *kind_of_node(const struct slurm_node *n)
{
    cJSON *kind = cJSON_CreateObject();
    cJSON_AddNumberToObject(kind, "cores", n->cores);
    cJSON_AddNumberToObject(kind, "threads_per_core", n->threads_per_core);
    cJSON_AddNumberToObject(kind, "gpus", n->gpus);
    if (n->memory_mib > 0)
        cJSON_AddNumberToObject(kind, "memory_mib", (double)n->memory_mib);
    return kind;
}

static cJSON *platform_json(const struct slurm_allocation *a)
{
    cJSON *root = cJSON_CreateObject(), *kinds = cJSON_AddArrayToObject(root, "nodes");
    char *name = str_format("slurm-%s", a->job);
    cJSON_AddStringToObject(root, "name", name);
    cJSON_AddStringToObject(root, "scheduler", "slurm");
    for (size_t i = 0; i < a->n;) {
        cJSON *kind = kind_of_node(&a->nodes[i]), *names = cJSON_AddArrayToObject(kind, "names");
        size_t first = i;
        for (; i < a->n && alike(&a->nodes[first], &a->nodes[i]); i++)
            cJSON_AddItemToArray(names, cJSON_CreateString(a->nodes[i].name));
        cJSON_AddNumberToObject(kind, "count", (double)(i - first));
        cJSON_AddItemToArray(kinds, kind);
    }
    free(name);
    return root;
}

/* By way of the text, so that all that a platform's file must obey is checked here, too. */
struct platform *slurm_allocation_platform(const struct slurm_allocation *a, struct error *err)
{
    cJSON *root = platform_json(a);
    char *text = json_print(root);
    struct json_document *doc = json_parse(text, strlen(text), "the allocation", err);
    struct platform *p = NULL;
    if (doc) {
        struct json at = json_root(doc);
        p = platform_from_json(&at, err);
    }
    json_free(doc);
    free(text);
    cJSON_Delete(root);
    return p;
}

struct platform *slurm_platform(char *const *environment, struct error *err)
{
    struct slurm_allocation a;
    if (slurm_allocation_read(&a, environment, err))
        return NULL;
    struct platform *p = slurm_allocation_platform(&a, err);
    slurm_allocation_clear(&a);
    return p;
}

int slurm_allocation_holds(const struct slurm_allocation *a, const struct platform *p,
                           struct error *err)
{
    if (p->n_nodes > a->n)
        return error_set(err, "platform %s has %zu nodes, the Slurm allocation %s only %zu",
                         platform_title(p), p->n_nodes, a->job, a->n);
    for (size_t i = 0; i < p->n_nodes; i++) {
        const struct node_shape *shape = platform_node(p, i);
        const struct slurm_node *n = &a->nodes[i];
        int slots = p->slot_kind == SLOT_CORE ? n->cores : n->cores * n->threads_per_core;
        if (node_shape_usable(shape) > slots || shape->n_gpus > n->gpus)
            return error_set(err,
                             "node %zu of platform %s has %d slots and %d GPUs, %s in the Slurm "
                             "allocation only %d and %d",
                             i, platform_title(p), node_shape_usable(shape), shape->n_gpus,
                             n->name, slots,
                             n->gpus);
    }
    return 0;
}
