/* What a task needs, as its description asks for it: RADICAL-Pilot counted cores, then processes
 * and threads, then ranks. */
#include <math.h>

#include "base/str.h"
#include "traces/importer/json_values.h"
#include "traces/importer/radical_impl.h"

static void set_gpus(struct radical_task *t, double per_rank)
{
    if (!(per_rank > 0) || per_rank > NODE_MOST_GPUS)
        return;
    if (per_rank < 1) {
        t->demand.gpu_share = (int32_t)lround(per_rank * DEMAND_WHOLE_GPU);
        return;
    }
    t->demand.gpus = (int32_t)ceil(per_rank);
    t->gpus_rounded = per_rank != floor(per_rank);
}

/* Since 1.2x: everything a rank. */
static void read_ranks(struct radical_task *t, const cJSON *description)
{
    t->demand.ranks = radical_count(description, "ranks", 1);
    t->demand.threads = radical_count(description, "cores_per_rank", 1);
    t->demand.memory_mib = radical_count(description, "mem_per_rank", 0);
    set_gpus(t, value_number_at(description, "gpus_per_rank"));
}

/* Before 0.5: cores of the whole task, a process each under MPI, else threads of one. */
static void read_cores(struct radical_task *t, const cJSON *description)
{
    int cores = radical_count(description, "cores", 1);
    bool mpi = cJSON_IsTrue(value_at(description, "mpi")) && cores > 1;
    t->demand.ranks = mpi ? cores : 1;
    t->demand.threads = mpi ? 1 : cores;
}

/* From 0.5 to 1.1x. */
static void read_processes(struct radical_task *t, const cJSON *description)
{
    const char *kind = radical_text(description, "cpu_process_type"),
               *gpu_kind = radical_text(description, "gpu_process_type");
    bool mpi = str_equal(kind, "MPI") || str_equal(gpu_kind, "MPI");
    int processes = radical_count(description, "cpu_processes", 1),
        threads = radical_count(description, "cpu_threads", 1);
    t->demand.ranks = processes > 0 ? processes : 1;
    t->demand.threads = threads > 0 ? threads : 1;
    set_gpus(t, value_number_at(description, "gpu_processes"));
    t->demand.one_node = !mpi && t->demand.ranks > 1;
}

/* Processes, threads and GPUs of one task as its description asks for them. */
void radical_read_demand(struct radical_task *t, const cJSON *description)
{
    int ranks = radical_count(description, "ranks", 0),
        cores = radical_count(description, "cores_per_rank", 0);
    bool by_ranks = ranks > 0 && cores > 0 && radical_count(description, "cpu_processes", 0) == 0;
    t->has_demand = true;
    t->demand = (struct demand){ .ranks = 1, .threads = 1 };
    if (by_ranks)
        read_ranks(t, description);
    else if (value_at(description, "cpu_processes"))
        read_processes(t, description);
    else if (value_at(description, "cores"))
        read_cores(t, description);
    else
        t->has_demand = false;
}
