#include "validation/executor/children.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/str.h"
#include "tests/support/scratch.h"
#include "tests/support/unit.h"
#include "validation/executor/leftovers.h"

static char path_variable[] = "PATH=/usr/bin:/bin", run_variable[64];
/* of this process alone: the test may run twice at a time */
static const char *run_id;

static int spawn(struct children *c, uint32_t id, const char *folder, const char *script,
                 struct error *err)
{
    char shell[] = "sh", option[] = "-c", *text = str_format("%s", script);
    char *argv[] = { shell, option, text, NULL },
         *environment[] = { path_variable, run_variable, NULL };
    char *out = str_format("%s/%u.out", folder, id), *errors = str_format("%s/%u.err", folder, id);
    struct child_spec spec = { .id = id, .argv = argv, .environment = environment, .out = out,
                               .err = errors };
    int status = children_spawn(c, &spec, err);
    free(out);
    free(errors);
    free(text);
    return status;
}

static char *output_of(const char *folder, const char *name)
{
    size_t size;
    struct error err;
    char *path = str_format("%s/%s", folder, name), *text = file_load(path, 1000, &size, &err);
    free(path);
    return text;
}

static void ends_are_told_apart(void)
{
    static const char *const scripts[] = { "echo $DAGCAST_RUN", "exit 7", "kill -KILL $$" };
    struct error err;
    struct children *c = children_new(0, &err);
    struct child_event ev;
    char *folder = scratch_new();
    bool seen[3] = { false };
    for (uint32_t i = 0; i < 3; i++)
        unit_must_be(spawn(c, i, folder, scripts[i], &err), ==, 0);
    unit_is(children_count(c), ==, 3);
    for (int i = 0; i < 3; i++) {
        unit_must_be(children_wait(c, INFINITY, &ev, 1), ==, 1);
        CU_ASSERT_FALSE_FATAL(ev.interrupted);
        unit_must_be(ev.id, <, 3);
        CU_ASSERT_FALSE(seen[ev.id]);
        unit_is(ev.seen_s, >=, ev.spawned_s);
        seen[ev.id] = true;
        if (ev.id == 0) {
            CU_ASSERT(WIFEXITED(ev.status));
            unit_is(WEXITSTATUS(ev.status), ==, 0);
        }
        if (ev.id == 1) {
            CU_ASSERT(WIFEXITED(ev.status));
            unit_is(WEXITSTATUS(ev.status), ==, 7);
        }
        if (ev.id == 2) {
            CU_ASSERT(WIFSIGNALED(ev.status));
            unit_is(WTERMSIG(ev.status), ==, SIGKILL);
        }
    }
    char *text = output_of(folder, "0.out");
    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    unit_is(strncmp(text, run_id, strlen(run_id)), ==, 0);
    unit_is(text[strlen(run_id)], ==, '\n');
    unit_is(children_count(c), ==, 0);
    free(text);
    scratch_free(folder);
    children_free(c);
}

/* What a task leaves in its process group goes with it; what has left the group is found by the
 * run's id. (Who was killed may still be dying when it is looked for, so the first count is a lower
 * bound, and the second is none.) */
static void nothing_is_left(void)
{
    struct error err;
    struct children *c = children_new(0, &err);
    struct child_event ev;
    char *folder = scratch_new();
    size_t n;
    unit_must_be(spawn(c, 5, folder, "setsid sleep 600 & sleep 600 & sleep 1", &err), ==, 0);
    unit_is(children_wait(c, INFINITY, &ev, 1), ==, 1);
    unit_is(ev.id, ==, 5);
    unit_is(leftovers_end(run_id, &n, &err), ==, 0);
    unit_is(n, >=, 1);
    unit_is(leftovers_end(run_id, &n, &err), ==, 0);
    unit_is(n, ==, 0);
    unit_must_be(spawn(c, 6, folder, "sleep 600", &err), ==, 0);
    children_signal(c, 6, SIGTERM);
    unit_is(children_wait(c, INFINITY, &ev, 1), ==, 1);
    CU_ASSERT(WIFSIGNALED(ev.status));
    unit_is(WTERMSIG(ev.status), ==, SIGTERM);
    children_signal(c, 6, SIGTERM);      /* gone: nothing */
    unit_must_be(spawn(c, 7, folder, "trap '' TERM; sleep 600", &err), ==, 0);
    children_free(c);                    /* ends it, and waits */
    unit_is(leftovers_end(run_id, &n, &err), ==, 0);
    unit_is(leftovers_end(run_id, &n, &err), ==, 0);
    unit_is(n, ==, 0);
    scratch_free(folder);
}

static void waits_end_in_time(void)
{
    struct error err;
    struct children *c = children_new(1000, &err);
    struct child_event ev;
    double begun_s = children_now(c);
    unit_is(children_wait(c, begun_s + 0.05, &ev, 1), ==, 0);
    unit_is(children_now(c), >=, begun_s + 0.05);
    unit_is(children_wait(c, begun_s, &ev, 1), ==, 0);
    children_free(c);
}

static void interruptions_are_events(void)
{
    struct error err;
    signal(SIGHUP, SIG_DFL);             /* the tests themselves may run under nohup */
    struct children *c = children_new(0, &err);
    struct child_event ev;
    raise(SIGTERM);
    unit_is(children_wait(c, INFINITY, &ev, 1), ==, 1);
    CU_ASSERT(ev.interrupted);
    raise(SIGINT);
    unit_is(children_wait(c, INFINITY, &ev, 1), ==, 1);
    CU_ASSERT(ev.interrupted);
    raise(SIGHUP);
    unit_is(children_wait(c, INFINITY, &ev, 1), ==, 1);
    CU_ASSERT(ev.interrupted);
    children_free(c);
    void (*handler)(int) = signal(SIGHUP, SIG_IGN);      /* as nohup does */
    c = children_new(0, &err);
    raise(SIGHUP);
    unit_is(children_wait(c, children_now(c) + 0.05, &ev, 1), ==, 0);
    children_free(c);
    signal(SIGHUP, handler);
}

static void what_cannot_run_is_one_sentence(void)
{
    struct error err = { "" };
    struct children *c = children_new(0, &err);
    char *folder = scratch_new(), *out = str_format("%s/o", folder), missing[] = "/no/such/program";
    char *argv[] = { missing, NULL }, *environment[] = { NULL };
    unit_is(children_spawn(c,
                           &(struct child_spec){
                               .argv = argv, .environment = environment, .out = out, .err = out },
                           &err),
            ==, -1);
    CU_ASSERT_STRING_EQUAL(err.text, "cannot run '/no/such/program': No such file or directory");
    unit_is(spawn(c, 1, "/no/such/folder", "true", &err), ==, -1);
    CU_ASSERT_STRING_EQUAL(err.text,
                           "/no/such/folder/1.out: cannot write: No such file or directory");
    unit_is(children_count(c), ==, 0);
    free(out);
    scratch_free(folder);
    children_free(c);
}

/* Each child that runs has a file open here: at the limit none can be started, until one has ended.
 * A soft limit is raised before. */
static void without_room_a_child_must_wait(void)
{
    enum { SOFT = 24, HARD = 40 };
    struct error err = { "" };
    struct child_event ev;
    struct rlimit before, small = { .rlim_cur = SOFT, .rlim_max = HARD };
    struct children *c = children_new(0, &err);
    char *folder = scratch_new();
    getrlimit(RLIMIT_NOFILE, &before);
    unit_must_be(setrlimit(RLIMIT_NOFILE, &small), ==, 0);
    uint32_t n = 0;
    int status;
    while ((status = spawn(c, n, folder, "sleep 600", &err)) == 0 && n < HARD)
        n++;
    unit_is(status, ==, CHILDREN_NO_ROOM);
    unit_is(n, >, SOFT);
    unit_is(n, <, HARD);
    unit_is(children_count(c), ==, n);
    unit_has(err.text, "Too many open files");
    children_signal(c, 3, SIGKILL);
    unit_is(children_wait(c, INFINITY, &ev, 1), ==, 1);
    unit_is(ev.id, ==, 3);
    unit_is(spawn(c, n, folder, "sleep 600", &err), ==, 0);
    setrlimit(RLIMIT_NOFILE, &(struct rlimit){ .rlim_cur = HARD, .rlim_max = before.rlim_max });
    scratch_free(folder);
    children_free(c);
}

int main(void)
{
    static const struct unit_test tests[] = { UNIT_TEST(ends_are_told_apart),
                                              UNIT_TEST(nothing_is_left),
                                              UNIT_TEST(waits_end_in_time),
                                              UNIT_TEST(interruptions_are_events),
                                              UNIT_TEST(what_cannot_run_is_one_sentence),
                                              UNIT_TEST(without_room_a_child_must_wait),
                                              { NULL, NULL } };
    snprintf(run_variable, sizeof run_variable, "DAGCAST_RUN=test-of-children-%ld", (long)getpid());
    run_id = run_variable + strlen("DAGCAST_RUN=");
    return unit_run("children", tests);
}
