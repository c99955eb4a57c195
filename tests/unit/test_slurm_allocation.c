#include "validation/executor/slurm_allocation.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "tests/support/given.h"
#include "tests/support/unit.h"

/* What `scontrol show job -d -o` printed for an allocation of parts of nodes, shortened. */
static const char job_text[] =
    "JobId=7 JobName=interactive ReqNodeList=(null) NodeList=n[1-3] NumNodes=3 NumCPUs=22 "
    "TRES=cpu=22,node=3 JOB_GRES=gpu:5 "
    "  Nodes=n[1-2] CPU_IDs=0-5,8,12-13 Mem=2048 GRES=gpu:a100:1(IDX:3),gpu:v100:1(IDX:0) "
    "  Nodes=n3 CPU_IDs=0-3 Mem=1024 GRES=nic:2(IDX:0-1),gpu:a100:3(IDX:0,2-3) MinCPUsNode=1 \n";
static const char node_text[] =
    "NodeName=n1 Arch=x86_64 CoresPerSocket=8 CPUTot=16 ThreadsPerCore=1 TmpDisk=0 \n"
    "NodeName=n2 Arch=x86_64 CoresPerSocket=8 CPUTot=16 ThreadsPerCore=1 TmpDisk=0 \n"
    "NodeName=n3 Arch=x86_64 CoresPerSocket=8 CPUTot=16 ThreadsPerCore=2 TmpDisk=0 \n";

static char *expand(void *context, const char *list, struct error *err)
{
    (void)context, (void)err;
    return xstrdup(str_equal(list, "n[1-2]") ? "n1\nn2\n" : "n3\n");
}

static struct slurm_allocation named(void)
{
    struct slurm_allocation a = { .job = xstrdup("7"), .n = 3,
                                  .nodes = xcalloc(3, sizeof *a.nodes) };
    for (size_t i = 0; i < 3; i++)
        a.nodes[i].name = str_format("n%zu", i + 1);
    return a;
}

static struct slurm_allocation given(void)
{
    struct slurm_allocation a = named();
    unit_is(slurm_allocation_read_job(&a, job_text, expand, NULL, NULL), ==, 0);
    slurm_allocation_read_nodes(&a, node_text);
    return a;
}

static void counts_what_is_ours_of_each_node(void)
{
    struct slurm_allocation a = given();
    for (size_t i = 0; i < 2; i++) {
        unit_is(a.nodes[i].cores, ==, 9);
        unit_is(a.nodes[i].gpus, ==, 2);
        unit_is(a.nodes[i].memory_mib, ==, 2048);
        unit_is(a.nodes[i].threads_per_core, ==, 1);
    }
    unit_is(a.nodes[2].cores, ==, 2);
    unit_is(a.nodes[2].cpus, ==, 4);
    unit_is(a.nodes[2].gpus, ==, 3);
    unit_is(a.nodes[2].threads_per_core, ==, 2);
    slurm_allocation_clear(&a);
}

static void neighbours_alike_are_one_kind(void)
{
    struct slurm_allocation a = given();
    struct error err = { "" };
    struct platform *p = slurm_allocation_platform(&a, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(p);
    unit_is(p->n_shapes, ==, 2);
    unit_is(p->n_nodes, ==, 3);
    CU_ASSERT_STRING_EQUAL(p->name, "slurm-7");
    CU_ASSERT_STRING_EQUAL(p->scheduler, "slurm");
    unit_is(platform_usable_slots(p), ==, 20);
    unit_is(platform_gpus(p), ==, 7);
    unit_is(platform_node(p, 2)->memory_mib, ==, 1024);
    char *name = platform_node_name(p, 2);
    CU_ASSERT_STRING_EQUAL(name, "n3");
    free(name);
    unit_is(slurm_allocation_holds(&a, p, &err), ==, 0);
    platform_free(p);
    slurm_allocation_clear(&a);
}

static void a_node_that_the_job_does_not_hold_is_refused(void)
{
    struct slurm_allocation a = named();
    struct error err = { "" };
    unit_is(slurm_allocation_read_job(&a, " Nodes=n[1-2] CPU_IDs=0-5 Mem=0 GRES=\n", expand, NULL,
                                      &err),
            ==, -1);
    CU_ASSERT_STRING_EQUAL(err.text, "Slurm does not say which cores of node n3 belong to job 7");
    slurm_allocation_clear(&a);
}

static void holds_no_platform_that_is_larger(void)
{
    struct slurm_allocation a = given();
    struct error err = { "" };
    struct platform *many = given_platform("{'name': 'many', 'nodes': [{'count': 4, 'cores': 1}]}");
    struct platform *wide = given_platform("{'name': 'wide', 'nodes': [{'count': 3, 'cores': 3}]}");
    struct platform *threads = given_platform("{'name': 't', 'slots': 'threads', 'nodes': "
                                              "[{'count': 3, 'cores': 2, 'threads_per_core': 2}]}");
    unit_is(slurm_allocation_holds(&a, many, &err), ==, -1);
    unit_has(err.text, "has 4 nodes");
    unit_is(slurm_allocation_holds(&a, wide, &err), ==, -1);
    unit_has(err.text, "node 2 of platform wide has 3 slots");
    unit_is(slurm_allocation_holds(&a, threads, &err), ==, 0);
    platform_free(threads);
    platform_free(wide);
    platform_free(many);
    slurm_allocation_clear(&a);
}

static void without_an_allocation_there_is_a_sentence(void)
{
    struct slurm_allocation a;
    struct error err = { "" };
    char path[] = "PATH=/usr/bin", job[] = "SLURM_JOB_ID=";
    unit_is(slurm_allocation_read(&a, (char *[]){ path, job, NULL }, &err), ==, -1);
    unit_has(err.text, "not inside a Slurm allocation (SLURM_JOB_ID is not set)");
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(counts_what_is_ours_of_each_node),
        UNIT_TEST(neighbours_alike_are_one_kind),
        UNIT_TEST(a_node_that_the_job_does_not_hold_is_refused),
        UNIT_TEST(holds_no_platform_that_is_larger),
        UNIT_TEST(without_an_allocation_there_is_a_sentence),
        { NULL, NULL },
    };
    return unit_run("slurm_allocation", tests);
}
