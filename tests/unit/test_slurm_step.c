#include "validation/executor/slurm_step.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/str.h"
#include "tests/support/given.h"
#include "tests/support/scratch.h"
#include "tests/support/unit.h"

static char n1[] = "n1", n2[] = "n2", n3[] = "n3", job[] = "7";
static struct slurm_node nodes[] = {
    { .name = n1, .threads_per_core = 2 },
    { .name = n2, .threads_per_core = 2 },
    { .name = n3, .threads_per_core = 2 },
};
static const struct slurm_allocation allocation = { .job = job, .n = 3, .nodes = nodes };

static char *joined(char **words)
{
    struct str text = { 0 };
    for (size_t i = 0; words[i]; i++)
        str_addf(&text, "%s%s", i ? " " : "", words[i]);
    str_free_texts(words);
    return str_take(&text);
}

static char *step_of(const char *platform, struct executor_task task, const char *first_word)
{
    struct platform *p = given_platform(platform);
    char word[32], argument[] = "x";
    snprintf(word, sizeof word, "%s", first_word);
    const struct executor_setup setup = { .platform = p, .run_id = "r",
                                          .task_program = "/lib/dagcast-task" };
    task.argv = (char *[]){ word, argument, NULL };
    char *text = joined(slurm_step_argv(&setup, &allocation, &task));
    platform_free(p);
    return text;
}

static const char cores[] = "{'nodes': [{'count': 3, 'cores': 8, 'gpus': 4}]}";
static const char threads[] =
    "{'slots': 'threads', 'nodes': [{'count': 3, 'cores': 8, 'threads_per_core': 2, 'gpus': 4}]}";

static void a_task_on_one_node_is_one_component(void)
{
    const struct executor_part part = { .node = 1, .ranks = 1 };
    const struct executor_task task = { .id = 12, .n_parts = 1, .parts = &part, .ranks = 1,
                                        .slots = 3, .gpus = 2 };
    char *text = step_of(cores, task, "cmd");
    CU_ASSERT_STRING_EQUAL(text, "srun --quiet --job-name=dagcast-r-12 --kill-on-bad-exit=1 "
                                 "--nodes=1 --ntasks=1 --ntasks-per-node=1 "
                                 "--nodelist=n2 --cpus-per-task=6 --gpus-per-task=2 --exact "
                                 "--mem=0 /lib/dagcast-task run cmd x");
    free(text);
    /* a slot is a thread; and nothing to wrap */
    text = step_of(threads, task, "/lib/dagcast-task");
    unit_has(text, "--cpus-per-task=3 ");
    CU_ASSERT(str_ends(text, "--mem=0 /lib/dagcast-task x"));
    free(text);
}

/* Ranks 2 + 2 + 1, the last two parts on one node being one place: 2, 2, 1 -> two nodes of 2, one
 * of 1. */
static void unequal_nodes_are_components_of_their_own(void)
{
    const struct executor_part parts[] = {
        { .node = 0, .ranks = 1 },
        { .node = 0, .ranks = 1 },
        { .node = 2, .ranks = 2 },
        { .node = 1, .ranks = 1 },
    };
    const struct executor_task task = { .id = 3, .n_parts = 4, .parts = parts, .ranks = 5,
                                        .slots = 1 };
    char *text = step_of(threads, task, "cmd");
    const char *second = strstr(text, " : ");
    unit_has(text, "--nodes=2 --ntasks=4 --ntasks-per-node=2 --nodelist=n1,n3 ");
    CU_ASSERT_PTR_NOT_NULL_FATAL(second);
    unit_has(second, "--nodes=1 --ntasks=1 --ntasks-per-node=1 --nodelist=n2 ");
    unit_has(second, "--gres=none");
    CU_ASSERT(str_ends(second, "run cmd x"));
    CU_ASSERT_PTR_NULL(strstr(second + 1, " : "));
    free(text);
}

static void the_environment_loses_what_would_change_the_step(void)
{
    char conf[] = "SLURM_CONF=/c", gpus[] = "SLURM_GPUS_PER_NODE=4", tasks[] = "SLURM_NTASKS=9",
         device[] = "CUDA_VISIBLE_DEVICES=3";
    const struct executor_setup setup = { .environment = (char *[]){ conf, gpus, tasks, NULL } };
    struct executor_task task = { .environment = (char *[]){ device, NULL }, .ranks = 1,
                                  .gpus = 1 };
    char *with = joined(slurm_step_environment(&setup, &task));
    task.gpus = 0;
    task.ranks = 2;
    char *without = joined(slurm_step_environment(&setup, &task));
    CU_ASSERT_STRING_EQUAL(with, "SLURM_CONF=/c");
    CU_ASSERT_STRING_EQUAL(
        without, "SLURM_CONF=/c CUDA_VISIBLE_DEVICES=3 DAGCAST_RANK_VARIABLE=SLURM_PROCID");
    free(with);
    free(without);
}

static void save(const char *path, const char *text)
{
    unit_is(file_save(path, text, strlen(text), NULL), ==, 0);
}

static void a_record_spans_all_ranks(void)
{
    char *folder = scratch_new(), *output = str_format("%s/t", folder);
    char *first = str_format("%s.times", output), *second = str_format("%s.times.1", output);
    struct slurm_step_record r;
    CU_ASSERT_FALSE(slurm_step_load_record(output, 2, &r));
    unit_near(r.started_epoch_s, NAN, 0);
    unit_is(r.status, ==, -1);
    save(first, "started 100.25 3\nstopped 101.5 4 0\n");
    CU_ASSERT(slurm_step_load_record(output, 2, &r));
    unit_is(r.started_epoch_s, ==, 100.25);
    unit_near(r.stopped_epoch_s, NAN, 0);
    unit_is(r.status, ==, -1);
    save(second, "started 100.125 3\nstopped 101.25 4 7\n");
    CU_ASSERT(slurm_step_load_record(output, 2, &r));
    unit_is(r.started_epoch_s, ==, 100.125);
    unit_is(r.stopped_epoch_s, ==, 101.5);
    unit_is(r.status, ==, 7);
    slurm_step_forget_records(output, 2);
    CU_ASSERT_FALSE(file_exists(first));
    CU_ASSERT_FALSE(file_exists(second));
    free(first);
    free(second);
    free(output);
    scratch_free(folder);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(a_task_on_one_node_is_one_component),
        UNIT_TEST(unequal_nodes_are_components_of_their_own),
        UNIT_TEST(the_environment_loses_what_would_change_the_step),
        UNIT_TEST(a_record_spans_all_ranks),
        { NULL, NULL },
    };
    return unit_run("slurm_step", tests);
}
