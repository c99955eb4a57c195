#include "traces/run_journal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "tests/support/scratch.h"
#include "tests/support/unit.h"
#include "tests/support/world.h"

static struct world new_world(void)
{
    return world_new(
        "{\"name\": \"w\", \"task_sets\": [{\"name\": \"a\", \"tasks\": 3, \"cores\": 2, \"gpus\": "
        "1, \"duration\": 2.5, \"retries\": 1},"
        " {\"name\": \"b\", \"tasks\": 2, \"ranks\": 2, \"cores\": 3, \"duration\": 1}]}",
        "{\"name\": \"p\", \"nodes\": [{\"count\": 2, \"cores\": 8, \"gpus\": 2}]}");
}

/* Two ends as lines, with every kind of field; the timeline that they were made of is left in w. */
static char *two_ends(struct world *w)
{
    struct str lines = { 0 };
    str_add(&lines, run_journal_head);
    run_journal_add_begin(&lines, 0.25);
    run_journal_add_start(&lines, 0, 2, 1, 3.5);
    size_t first = world_ran_on(w, 0, 2, 3.75, 6.3, (struct world_place){ 1, 4, 2, 1 });
    w->timeline->records[first].submitted_s = 0.1;
    timeline_set_at(w->timeline, first, INSTANT_LAUNCHED, 3.625);
    run_journal_add_end(
        &lines, w->timeline, first,
        &(struct attempt_end){
            .attempt = 1, .outcome = ATTEMPT_SIGNAL, .code = 9, .own_times = true });
    size_t second =
        world_ran_on(w, 1, 0, 6.5, 7.123456789012345, (struct world_place){ 0, 0, 3, -1 });
    world_slots(w, (struct world_place){ 1, 5, 3, -1 });
    run_journal_add_end(&lines, w->timeline, second,
                        &(struct attempt_end){ .attempt = 0, .outcome = ATTEMPT_OK });
    return str_take(&lines);
}

static int load_bytes(const char *bytes, size_t n, struct world *w, struct run_journal *j,
                      struct error *err)
{
    char *folder = scratch_new(), *path = scratch_file(folder, "journal", bytes, n);
    timeline_clear(w->timeline);
    int status = run_journal_load(path, w->timeline, j, err);
    free(path);
    scratch_free(folder);
    return status;
}

static int load(const char *text, struct world *w, struct run_journal *j, struct error *err)
{
    return load_bytes(text, strlen(text), w, j, err);
}

static void what_was_written_reads_back(void)
{
    struct world w = new_world();
    struct run_journal j;
    struct error err;
    struct timeline_slots s;
    char *text = two_ends(&w);
    unit_must_be(load(text, &w, &j, &err), ==, 0);
    unit_is(j.n_begins, ==, 1);
    unit_is(j.n_starts, ==, 1);
    unit_is(j.n_ends, ==, 2);
    unit_is(j.good_bytes, ==, strlen(text));
    unit_is(j.ends[0].task, ==, 2);
    unit_is(j.ends[0].attempt, ==, 1);
    unit_is(j.ends[0].outcome, ==, ATTEMPT_SIGNAL);
    unit_is(j.ends[0].code, ==, 9);
    CU_ASSERT(j.ends[0].own_times);
    unit_must_be(w.timeline->n, ==, 2);
    unit_is(w.timeline->status[0], ==, TASK_FAILED);
    unit_is(w.timeline->status[1], ==, TASK_DONE);
    unit_is(w.timeline->records[0].submitted_s, ==, 0.1);
    unit_near(w.timeline->records[0].arrived_s, NAN, 0);
    unit_is(w.timeline->launched_s[0], ==, 3.625);
    unit_is(w.timeline->records[1].stopped_s, ==, 7.123456789012345);
    CU_ASSERT(timeline_slots_first(w.timeline, 0, &s));
    unit_is(s.node, ==, 1);
    unit_must_be(s.n_cores, ==, 2);
    unit_is(s.cores[0], ==, 4);
    unit_must_be(s.n_gpus, ==, 1);
    unit_is(s.gpus[0], ==, 1);
    CU_ASSERT(timeline_slots_first(w.timeline, 1, &s));
    unit_is(s.node, ==, 0);
    unit_is(s.n_cores, ==, 3);
    unit_is(s.n_gpus, ==, 0);
    CU_ASSERT(timeline_slots_next(&s));
    unit_is(s.node, ==, 1);
    unit_is(s.cores[2], ==, 7);
    CU_ASSERT_FALSE(timeline_slots_next(&s));
    run_journal_clear(&j);
    free(text);
    world_clear(&w);
}

/* Wherever the executor died while it wrote: all whole lines count, and only those. */
static void a_half_written_line_is_none(void)
{
    struct world w = new_world();
    char *text = two_ends(&w);
    size_t n = strlen(text);
    for (size_t cut = 0; cut < n; cut++) {
        struct run_journal j;
        struct error err;
        char *part = xstrndup(text, cut);
        char *last = strrchr(part, '\n');
        unit_must_be(load(part, &w, &j, &err), ==, 0);
        unit_is(j.good_bytes, ==, last ? (size_t)(last + 1 - part) : 0);
        unit_is(j.n_ends, ==, w.timeline->n);
        unit_is(j.n_ends, <, 2);
        run_journal_clear(&j);
        free(part);
    }
    free(text);
    world_clear(&w);
}

static void lines_of_another_run_are_refused_by_number(void)
{
    static const char *const wrong[] = {
        "end 2 0 0 ok 0 0 - - - - - - -",
        "end 0 3 0 ok 0 0 - - - - - - -",
        "end 0 0 2 ok 0 0 - - - - - - -",
        "end 0 0 0 fine 0 0 - - - - - - -",
        "end 0 0 0 ok 0 0 - - - - - -",
        "end 0 0 0 ok 0 0 - - - - - - - 2:0:",
        "end 0 0 0 ok 0 0 - - - - - - - 0:8:",
        "end 0 0 0 ok 0 0 - - - - - - - 0:0:2",
        "end 0 0 0 ok 0 0 inf - - - - - -",
        "start 0 0 0 x",
        "begun 1",
        "",
        "end",
        "end -1 0 0 ok 0 0 - - - - - - -",
        "end 0 0 0 ok 256 0 - - - - - - -",
    };
    struct world w = new_world();
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct run_journal j;
        struct error err = { "" };
        struct str text = { 0 };
        str_addf(&text, "%sbegin 0\n%s\n", run_journal_head, wrong[i]);
        unit_is(load(text.text, &w, &j, &err), ==, -1);
        unit_has(err.text, "journal:3: '");
        unit_has(err.text, "is not a line of a journal");
        str_clear(&text);
    }
    struct run_journal j;
    struct error err;
    unit_is(load("something else\n", &w, &j, &err), ==, -1);
    unit_has(err.text, "expected the journal of a run");
    unit_is(load("dagcast journal 2\nbegin 0\n", &w, &j, &err), ==, -1);
    unit_has(err.text, "its first line is 'dagcast journal 2', but this dagcast reads "
                       "journals that begin with 'dagcast journal 1'");
    world_clear(&w);
}

/* A crash of the machine may leave a file's end as zeros, which was never written; but no zero
 * hides lines that were. */
static void zeros_end_a_journal_and_hide_nothing(void)
{
    struct world w = new_world();
    struct run_journal j;
    struct error err = { "" };
    char text[200];
    size_t n = strlen(run_journal_head);
    memset(text, 0, sizeof text);
    memcpy(text, run_journal_head, n);
    memcpy(text + n, "begin 0.25\n", 11);
    unit_must_be(load_bytes(text, sizeof text, &w, &j, &err), ==, 0);
    unit_is(j.n_begins, ==, 1);
    unit_is(j.good_bytes, ==, n + 11);
    run_journal_clear(&j);
    memcpy(text + n + 30, "\nbegin 2.5\n", 11);
    unit_is(load_bytes(text, sizeof text, &w, &j, &err), ==, -1);
    unit_has(err.text, "journal:3: '' is not a line of a journal");
    unit_has(err.text, "(head -n 2)");
    world_clear(&w);
}

/* Ran 3.75 to 6.5, taken up at 8.25 without doing anything and again at 10.5, ran 10.75 to 12,
 * taken up at 20 in vain. Before the first start, and behind the last stop, nobody's pause is in
 * the makespan. */
static void pauses_are_what_the_makespan_holds_of_them(void)
{
    struct world w = new_world();
    struct run_journal j;
    struct error err;
    struct str text = { 0 };
    str_addf(&text, "%sbegin 0.5\nstart 0 0 0 0.75\nbegin 3.5\nstart 0 0 0 3.625\n",
             run_journal_head);
    str_add(&text,
            "end 0 0 0 ok 0 0 0.5 0.5 3.625 3.625 3.75 6.25 6.5 0:0,1:0\nbegin 8.25\nbegin 10.5\n"
            "end 0 1 0 ok 0 0 10.5 10.5 10.5 10.5 10.75 12 12.125 0:0,1:0\nbegin 20\n");
    unit_must_be(load(text.text, &w, &j, &err), ==, 0);
    struct run_interruptions all = run_journal_interruptions(&j, w.timeline);
    unit_is(j.n_begins, ==, 5);
    unit_is(all.n, ==, 1);
    unit_is(all.total_s, ==, 10.5 - 6.5);
    timeline_clear(w.timeline);
    all = run_journal_interruptions(&j, w.timeline);
    unit_is(all.n, ==, 0);
    unit_is(all.total_s, ==, 0);
    run_journal_clear(&j);
    str_clear(&text);
    world_clear(&w);
}

int main(void)
{
    static const struct unit_test tests[] = { UNIT_TEST(what_was_written_reads_back),
                                              UNIT_TEST(a_half_written_line_is_none),
                                              UNIT_TEST(lines_of_another_run_are_refused_by_number),
                                              UNIT_TEST(zeros_end_a_journal_and_hide_nothing),
                                              UNIT_TEST(pauses_are_what_the_makespan_holds_of_them),
                                              { NULL, NULL } };
    return unit_run("run_journal", tests);
}
