/* Steps without a Slurm: its commands are scripts of the test. Oracle: what the machine was given
 * room for. */
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/str.h"
#include "tests/support/given.h"
#include "tests/support/scratch.h"
#include "tests/support/unit.h"
#include "validation/executor/executor.h"

/* that many sruns; then tasks wait in the backend */
enum { AT_ONCE = 512, MOST_FILES = 1100 };

static void script(const char *folder, const char *name, const char *body)
{
    char *text = str_format("#!/bin/sh\n%s\n", body),
         *path = scratch_file(folder, name, text, strlen(text));
    chmod(path, 0755);
    free(path);
    free(text);
}

/* One node; an srun lives until nobody holds the lock. */
static char *slurm_of_scripts(int *lock)
{
    char *folder = scratch_new(), *path = scratch_file(folder, "lock", "", 0);
    char *srun = str_format("exec flock -s %s true", path),
         *search = str_format("%s:%s", folder, getenv("PATH"));
    script(folder, "srun", srun);
    script(folder, "squeue", "true");
    script(folder, "sinfo", "echo n1 allocated");
    script(folder, "scontrol",
           "case \"$*\" in *hostnames*) echo n1;; *'show job'*) echo 'JobState=RUNNING NodeList=n1 "
           "Nodes=n1 CPU_IDs=0-7 "
           "Mem=0 GRES=';; *) echo 'NodeName=n1 ThreadsPerCore=1';; esac");
    setenv("PATH", search, 1);
    *lock = open(path, O_RDWR | O_CLOEXEC);
    unit_must_be(*lock, >=, 0);
    unit_must_be(flock(*lock, LOCK_EX), ==, 0);
    free(search);
    free(srun);
    free(path);
    return folder;
}

static int start(struct executor *e, const char *folder, uint32_t id, struct error *err)
{
    static const uint16_t slot = 0;
    const struct executor_part part = { .ranks = 1, .n_slots = 1, .slots = &slot };
    char word[] = "none", *argv[] = { word, NULL }, *environment[] = { NULL },
         *output = str_format("%s/%u", folder, id);
    const struct executor_task task = { .id = id, .argv = argv, .environment = environment,
                                        .output = output, .n_parts = 1, .parts = &part,
                                        .ranks = 1, .slots = 1 };
    int status = executor_slurm.start(e, &task, err);
    free(output);
    return status;
}

/* No file can be opened any more. */
static void fill(int *files, size_t *n)
{
    for (int f; *n < MOST_FILES && (f = dup(STDIN_FILENO)) >= 0; (*n)++)
        files[*n] = f;
}

/* The sruns end while the machine has no room for another one: the task that waits for its turn has
 * not failed, and runs when there is room. */
static void a_task_that_waits_for_room_has_not_failed(void)
{
    static int files[MOST_FILES];
    size_t n_files = 0, n_ended = 0;
    int lock;
    struct rlimit limit;
    struct error err = { "" };
    struct executor_event ev;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max = limit.rlim_max < MOST_FILES ? limit.rlim_max : MOST_FILES;
    unit_must_be(setrlimit(RLIMIT_NOFILE, &limit), ==, 0);
    char *folder = slurm_of_scripts(&lock), job[] = "SLURM_JOB_ID=7",
         list[] = "SLURM_JOB_NODELIST=n1", run[] = "DAGCAST_RUN=test";
    char *path = str_format("PATH=%s", getenv("PATH")),
         *environment[] = { job, list, run, path, NULL };
    struct platform *p = given_platform("{'nodes': [{'cores': 8}]}");
    const struct executor_setup setup = { .platform = p, .folder = folder, .run_id = "test",
                                          .environment = environment,
                                          .task_program = "none" };
    struct executor *e = executor_slurm.open(&setup, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(e);
    for (uint32_t id = 0; id <= AT_ONCE; id++)
        unit_must_be(start(e, folder, id, &err), ==, 0);
    close(lock);
    for (fill(files, &n_files); n_ended < AT_ONCE; n_ended++) {
        unit_must_be(executor_slurm.wait(e, INFINITY, &ev, 1), ==, 1);
        unit_must_be(ev.kind, ==, EXECUTOR_ENDED);
        unit_must_be(ev.id, <, AT_ONCE);
        fill(files, &n_files);
    }
    unit_must_be(executor_slurm.wait(e, executor_slurm.now(e) + 0.25, &ev, 1), ==, 1);
    unit_must_be(ev.kind, ==, EXECUTOR_TOLD);
    unit_has(ev.why, "tasks wait until there is room");
    /* does not pass the one that waits */
    unit_must_be(start(e, folder, AT_ONCE + 1, &err), ==, 0);
    unit_must_be(executor_slurm.wait(e, executor_slurm.now(e) + 0.25, &ev, 1), ==, 0);
    while (n_files > 0)
        close(files[--n_files]);
    double launched_s[2] = { 0 };
    for (int i = 0; i < 2; i++) {
        unit_must_be(executor_slurm.wait(e, INFINITY, &ev, 1), ==, 1);
        unit_must_be(ev.kind, ==, EXECUTOR_ENDED);
        unit_must_be(ev.id, >=, AT_ONCE);
        launched_s[ev.id - AT_ONCE] = ev.launched_s;
    }
    unit_is(launched_s[0], >, 0);
    unit_is(launched_s[1], >=, launched_s[0]);
    executor_slurm.close(e);
    platform_free(p);
    scratch_free(folder);
    free(path);
}

int main(void)
{
    static const struct unit_test tests[] = { UNIT_TEST(a_task_that_waits_for_room_has_not_failed),
                                              { NULL, NULL } };
    return unit_run("slurm", tests);
}
