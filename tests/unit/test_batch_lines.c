#include "study/batch_lines.h"

#include "core/workflow.h"
#include "tests/support/given.h"
#include "tests/support/unit.h"

static void expect(const char *scheduler, struct batch_request r, const char *lines)
{
    struct str text = { 0 };
    CU_ASSERT(batch_lines_add(&text, scheduler, &r));
    CU_ASSERT_STRING_EQUAL(text.text, lines);
    str_clear(&text);
}

static void each_scheduler_has_its_own_words(void)
{
    const struct batch_request plain = { .nodes = 16, .walltime_s = 5400, .cores = 64 };
    const struct batch_request all = { .nodes = 3, .walltime_s = 100 * 3600 + 61, .cores = 56,
                                       .gpus = 8, .queue = "batch",
                                       .kind = "gpu" };
    expect("slurm", plain,
           "#SBATCH --nodes=16\n#SBATCH --time=01:30:00\n#SBATCH --account=YOUR_ACCOUNT\n");
    expect("slurm", all,
           "#SBATCH --nodes=3\n#SBATCH --time=100:01:01\n#SBATCH --gpus-per-node=8\n#SBATCH "
           "--constraint=gpu\n"
           "#SBATCH --partition=batch\n#SBATCH --account=YOUR_ACCOUNT\n");
    expect(
        "slurm",
        (struct batch_request){ .nodes = 1, .walltime_s = 60, .cores = 4, .queue = "--qos=debug" },
        "#SBATCH --nodes=1\n#SBATCH --time=00:01:00\n#SBATCH --qos=debug\n#SBATCH "
        "--account=YOUR_ACCOUNT\n");
    expect("pbs", plain,
           "#PBS -l select=16:ncpus=64\n#PBS -l place=scatter\n#PBS -l walltime=01:30:00\n#PBS -A "
           "YOUR_ACCOUNT\n");
    expect("pbs", all,
           "#PBS -l select=3:ncpus=56:ngpus=8:gpu=True\n#PBS -l place=scatter\n#PBS -l "
           "walltime=100:01:01\n#PBS -q batch\n"
           "#PBS -A YOUR_ACCOUNT\n");
    /* a site whose nodes are asked for whole; options of its own */
    struct batch_request site = all;
    site.select = "system=polaris";
    site.queue = "-q prod -l filesystems=home:eagle";
    site.kind = NULL;
    expect("pbs", site,
           "#PBS -l select=3:system=polaris\n#PBS -l place=scatter\n#PBS -l walltime=100:01:01\n"
           "#PBS -q prod -l filesystems=home:eagle\n#PBS -A YOUR_ACCOUNT\n");
    /* whole minutes, never fewer */
    expect("lsf", all,
           "#BSUB -nnodes 3\n#BSUB -W 100:02\n"
           "# LSF without CSM, instead of -nnodes: #BSUB -n 168 -R \"span[ptile=56]\" "
           "-gpu \"num=8\"\n#BSUB -R "
           "\"select[gpu]\"\n#BSUB -q batch\n"
           "#BSUB -P YOUR_ACCOUNT\n");
    expect("flux", plain,
           "#FLUX: --nodes=16\n#FLUX: --nslots=16\n#FLUX: --cores-per-slot=64\n#FLUX: --exclusive\n"
           "#FLUX: --time-limit=90m\n#FLUX: --bank=YOUR_ACCOUNT\n");
    expect("flux", all,
           "#FLUX: --nodes=3\n#FLUX: --nslots=3\n#FLUX: --cores-per-slot=56\n#FLUX: "
           "--gpus-per-slot=8\n"
           "#FLUX: --exclusive\n#FLUX: --time-limit=6002m\n#FLUX: --requires=gpu\n#FLUX: "
           "--queue=batch\n"
           "#FLUX: --bank=YOUR_ACCOUNT\n");
}

static void several_kinds_are_asked_for_each(void)
{
    struct batch_request r = { .nodes = 6, .walltime_s = 3600, .cores = 8, .n_kinds = 2,
                               .kinds = { { "gpu", 2, 8, 4 }, { "cpu", 4, 16, 0 } } };
    expect("slurm", r,
           "#SBATCH --nodes=2\n#SBATCH --time=01:00:00\n#SBATCH --gpus-per-node=4\n#SBATCH "
           "--constraint=gpu\n#SBATCH --account=YOUR_ACCOUNT\n#SBATCH hetjob\n"
           "#SBATCH --nodes=4\n#SBATCH --time=01:00:00\n#SBATCH --constraint=cpu\n#SBATCH "
           "--account=YOUR_ACCOUNT\n");
    expect("pbs", r,
           "#PBS -l select=2:ncpus=8:ngpus=4:gpu=True+4:ncpus=16:cpu=True\n"
           "#PBS -l place=scatter\n"
           "#PBS -l walltime=01:00:00\n#PBS -A YOUR_ACCOUNT\n");
    expect("flux", r,
           "#FLUX: --nodes=6\n#FLUX: --nslots=6\n#FLUX: --cores-per-slot=8\n#FLUX: --exclusive\n"
           "#FLUX: --time-limit=60m\n#FLUX: --bank=YOUR_ACCOUNT\n"
           "# these nodes are of several kinds, which the lines above do not ask for: "
           "2 gpu, 4 cpu\n");
}

/* GPUs only if a task asks for some; a kind only if there are several and all nodes are of one. */
static void a_request_is_what_the_workflow_needs(void)
{
    struct platform *p = given_platform(
        "{'nodes': [{'name': 'cpu', 'count': 2, 'cores': 8}, {'name': 'gpu', 'count': 2, "
        "'cores': 4, 'gpus': 2}], 'queues': [{'name': 'q', 'max_walltime': 60, 'node': 'cpu'}]}");
    struct workflow *plain = given_workflow("{'task_sets': [{'name': 'a', 'duration': 1}]}");
    struct workflow *gpus =
        given_workflow("{'task_sets': [{'name': 'a', 'gpus': 1, 'duration': 1}]}");
    struct platform *one = given_platform("{'nodes': [{'count': 2, 'cores': 4, 'gpus': 2}]}");
    struct batch_request r = batch_request_of(p, plain, 2, 60, &p->queues[0]);
    CU_ASSERT_STRING_EQUAL(r.kind, "cpu");
    CU_ASSERT_STRING_EQUAL(r.queue, "q");
    CU_ASSERT_EQUAL(r.gpus, 0);
    CU_ASSERT_EQUAL(r.cores, 8);
    r = batch_request_of(p, gpus, 4, 60, NULL);
    CU_ASSERT_PTR_NULL(r.kind);
    CU_ASSERT_EQUAL(r.cores, 4);
    CU_ASSERT_EQUAL_FATAL(r.n_kinds, 2);
    CU_ASSERT_STRING_EQUAL(r.kinds[1].name, "gpu");
    CU_ASSERT_EQUAL(r.kinds[1].nodes, 2);
    CU_ASSERT_EQUAL(r.kinds[1].gpus, 2);
    CU_ASSERT_EQUAL(r.kinds[0].cores, 8);
    r = batch_request_of(one, gpus, 2, 60, NULL);
    CU_ASSERT_EQUAL(r.gpus, 2);
    CU_ASSERT_PTR_NULL(r.kind);
    CU_ASSERT(queue_takes(&p->queues[0], p, 2));
    CU_ASSERT_FALSE(queue_takes(&p->queues[0], p, 3));
    CU_ASSERT_PTR_EQUAL(platform_queue(p, 1, 60), &p->queues[0]);
    CU_ASSERT_PTR_NULL(platform_queue(p, 1, 61));
    platform_free(p);
    platform_free(one);
    workflow_free(plain);
    workflow_free(gpus);
}

static void others_are_left_alone(void)
{
    const struct batch_request r = { .nodes = 16, .walltime_s = 5400 };
    struct str text = { 0 };
    CU_ASSERT_FALSE(batch_lines_add(&text, "condor", &r));
    CU_ASSERT_FALSE(batch_lines_add(&text, NULL, &r));
    CU_ASSERT_EQUAL(text.length, 0);
    str_clear(&text);
}

int main(void)
{
    static const struct unit_test tests[] = { UNIT_TEST(each_scheduler_has_its_own_words),
                                              UNIT_TEST(several_kinds_are_asked_for_each),
                                              UNIT_TEST(a_request_is_what_the_workflow_needs),
                                              UNIT_TEST(others_are_left_alone), { NULL, NULL } };
    return unit_run("batch_lines", tests);
}
