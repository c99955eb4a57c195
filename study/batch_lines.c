#include "study/batch_lines.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#include "base/escape.h"
#include "core/workflow.h"

static const char account[] = "YOUR_ACCOUNT";

static bool needs_gpus(const struct workflow *w)
{
    for (size_t i = 0; i < w->n_sets; i++)
        if (w->sets[i].traits->demand.gpus > 0 || w->sets[i].traits->demand.gpu_share > 0)
            return true;
    return false;
}

static bool has_kinds(const struct platform *p)
{
    for (size_t s = 1; s < p->n_shapes; s++)
        if (!str_equal(p->shapes[s].name, p->shapes[0].name))
            return true;
    return false;
}

/* Letters, digits and a few signs, and blanks if it is several options. */
static bool is_plain(const char *text, bool options)
{
    for (; *text; text++)
        if (!isalnum((unsigned char)*text) && !strchr(options ? "-_.:/=,+ " : "-_.:/+", *text))
            return false;
    return true;
}

/* How many nodes of each kind; none if they are of one kind, or their names are not plain. */
static void count_kinds(struct batch_request *r, const struct platform *p, size_t nodes, bool gpus)
{
    for (size_t n = 0; n < nodes && n < p->n_nodes; n++) {
        const struct node_shape *s = platform_node(p, n);
        size_t k = 0;
        while (k < r->n_kinds && !str_equal(r->kinds[k].name, s->name))
            k++;
        if (k == BATCH_KINDS_MOST || !is_plain(s->name, false)) {
            r->n_kinds = 0;
            return;
        }
        if (k == r->n_kinds)
            r->kinds[r->n_kinds++] =
                (struct batch_kind){ s->name, 0, s->cores, gpus ? s->n_gpus : 0 };
        r->kinds[k].nodes++;
    }
    r->n_kinds = r->n_kinds > 1 ? r->n_kinds : 0;
}

struct batch_request batch_request_of(const struct platform *p, const struct workflow *w,
                                      size_t nodes, double walltime_s,
                                      const struct queue_rule *queue)
{
    const struct node_shape *first = platform_node(p, 0);
    struct batch_request r = { .nodes = nodes, .walltime_s = walltime_s, .cores = first->cores,
                               .gpus = needs_gpus(w) ? first->n_gpus : 0,
                               .queue = !queue ? NULL : queue->submit ? queue->submit : queue->name,
                               .kind = has_kinds(p) ? first->name : NULL,
                               .select = queue ? queue->select : NULL };
    for (size_t n = 1; n < nodes && n < p->n_nodes; n++) {
        const struct node_shape *s = platform_node(p, n);
        r.cores = s->cores < r.cores ? s->cores : r.cores;
        r.gpus = s->n_gpus < r.gpus ? s->n_gpus : r.gpus;
        if (!str_equal(s->name, first->name))
            r.kind = NULL;
    }
    r.kind = r.kind && is_plain(r.kind, false) ? r.kind : NULL;
    count_kinds(&r, p, nodes, needs_gpus(w));
    return r;
}

/* ---- each scheduler's words ---- */

/* "#SBATCH --partition=batch", or the options that the queue takes. A name that no batch system
 * takes is left out: it stands in the comment that names the queue. */
static void add_queue(struct str *text, const char *prefix, const char *option, const char *queue)
{
    if (queue && is_plain(queue, queue[0] == '-'))
        escape_addf(text, queue[0] == '-' ? "%s %.0s%s\n" : "%s %s%s\n", prefix, option, queue);
}

struct clock { long long s, minutes; };

static void add_slurm_part(struct str *text, const struct batch_request *r, struct clock t)
{
    str_addf(text, "#SBATCH --nodes=%zu\n#SBATCH --time=%02lld:%02lld:%02lld\n", r->nodes,
             t.s / 3600, t.s / 60 % 60, t.s % 60);
    if (r->gpus > 0)
        str_addf(text, "#SBATCH --gpus-per-node=%d\n", r->gpus);
    if (r->kind)
        escape_addf(text, "#SBATCH --constraint=%s\n", r->kind);
    add_queue(text, "#SBATCH", "--partition=", r->queue);
    str_addf(text, "#SBATCH --account=%s\n", account);
}

/* Nodes of several kinds are a heterogeneous job, of a part for each. */
static void add_slurm(struct str *text, const struct batch_request *r, struct clock t)
{
    struct batch_request part = *r;
    for (size_t k = 0; k < r->n_kinds; k++) {
        part.nodes = r->kinds[k].nodes;
        part.gpus = r->kinds[k].gpus;
        part.kind = r->kinds[k].name;
        str_add(text, k > 0 ? "#SBATCH hetjob\n" : "");
        add_slurm_part(text, &part, t);
    }
    if (r->n_kinds == 0)
        add_slurm_part(text, r, t);
}

/* "2:ncpus=8:ngpus=4:gpu=True+4:ncpus=16:cpu=True" */
static void add_pbs_chunks(struct str *text, const struct batch_request *r)
{
    for (size_t k = 0; k < r->n_kinds; k++) {
        const struct batch_kind *kind = &r->kinds[k];
        str_addf(text, "%s%zu:ncpus=%d", k > 0 ? "+" : "", kind->nodes, kind->cores);
        if (kind->gpus > 0)
            str_addf(text, ":ngpus=%d", kind->gpus);
        escape_addf(text, ":%s=True", kind->name);
    }
}

static void add_pbs_nodes(struct str *text, const struct batch_request *r)
{
    bool selects = r->select && is_plain(r->select, true);
    str_addf(text, "%zu:", r->nodes);
    if (selects)
        escape_addf(text, "%s", r->select);
    else
        str_addf(text, "ncpus=%d", r->cores);
    if (r->gpus > 0 && !selects)
        str_addf(text, ":ngpus=%d", r->gpus);
    if (r->kind)
        escape_addf(text, ":%s=True", r->kind);
}

static void add_pbs(struct str *text, const struct batch_request *r, struct clock t)
{
    str_add(text, "#PBS -l select=");
    if (r->n_kinds > 0)
        add_pbs_chunks(text, r);
    else
        add_pbs_nodes(text, r);
    str_addf(text, "\n#PBS -l place=scatter\n#PBS -l walltime=%02lld:%02lld:%02lld\n", t.s / 3600,
             t.s / 60 % 60, t.s % 60);
    add_queue(text, "#PBS", "-q ", r->queue);
    str_addf(text, "#PBS -A %s\n", account);
}

/* -nnodes is of LSF with IBM's CSM (Summit, Lassen), whose jobs get whole nodes, GPUs and all. */
static void add_lsf(struct str *text, const struct batch_request *r, struct clock t)
{
    str_addf(text, "#BSUB -nnodes %zu\n#BSUB -W %02lld:%02lld\n", r->nodes, t.minutes / 60,
             t.minutes % 60);
    str_addf(text, "# LSF without CSM, instead of -nnodes: #BSUB -n %zu -R \"span[ptile=%d]\"",
             r->nodes * (size_t)r->cores, r->cores);
    if (r->gpus > 0)
        str_addf(text, " -gpu \"num=%d\"", r->gpus);
    str_add(text, "\n");
    if (r->kind)
        escape_addf(text, "#BSUB -R \"select[%s]\"\n", r->kind);
    add_queue(text, "#BSUB", "-q ", r->queue);
    str_addf(text, "#BSUB -P %s\n", account);
}

/* A slot a node, and the nodes for this job alone. */
static void add_flux(struct str *text, const struct batch_request *r, struct clock t)
{
    str_addf(text, "#FLUX: --nodes=%zu\n#FLUX: --nslots=%zu\n#FLUX: --cores-per-slot=%d\n",
             r->nodes, r->nodes, r->cores);
    if (r->gpus > 0)
        str_addf(text, "#FLUX: --gpus-per-slot=%d\n", r->gpus);
    str_addf(text, "#FLUX: --exclusive\n#FLUX: --time-limit=%lldm\n", t.minutes);
    if (r->kind)
        escape_addf(text, "#FLUX: --requires=%s\n", r->kind);
    add_queue(text, "#FLUX:", "--queue=", r->queue);
    str_addf(text, "#FLUX: --bank=%s\n", account);
}

/* What LSF and Flux do not ask for in one request. */
static void add_mixed(struct str *text, const struct batch_request *r)
{
    str_add(text, "# these nodes are of several kinds, which the lines above do not ask for:");
    for (size_t k = 0; k < r->n_kinds; k++)
        escape_addf(text, "%s %zu %s", k > 0 ? "," : "", r->kinds[k].nodes, r->kinds[k].name);
    str_add(text, "\n");
}

bool batch_lines_add(struct str *text, const char *scheduler, const struct batch_request *r)
{
    static const struct {
        const char *name;
        void (*add)(struct str *text, const struct batch_request *r, struct clock t);
    } all[] = {
        { "slurm", add_slurm }, { "pbs", add_pbs }, { "lsf", add_lsf }, { "flux", add_flux }
    };
    long long s = (long long)ceil(r->walltime_s);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (str_equal(scheduler, all[i].name)) {
            all[i].add(text, r, (struct clock){ s, (s + 59) / 60 });
            if (r->n_kinds > 0 && all[i].add != add_slurm && all[i].add != add_pbs)
                add_mixed(text, r);
            return true;
        }
    return false;
}
