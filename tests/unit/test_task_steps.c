#include "traces/importer/task_steps.h"

#include <math.h>
#include <string.h>

#include "tests/support/unit.h"

/* Two tasks of `a` on two nodes, one of them twice, then one of `b` that waits for both. */
static struct task_records made(void)
{
    static const struct {
        const char *id, *name, *after, *node;
        double start_s, end_s;
        enum task_status status;
    } rows[] = {
        { "1", "a", "", "n1", 100, 112.5, TASK_DONE },
        { "2", "a", "", "n2", 100, 104, TASK_FAILED },
        { "2", "a", "", "n2", 105, 115, TASK_DONE },
        { "3", "b", "1 2", "n1", 120, 121.5, TASK_DONE },
    };
    struct task_records r;
    task_records_init(&r, TABLE_PLAIN);
    r.dates = r.has_after = true;
    r.begun_s = 90;
    r.ended_s = 125;
    task_records_add_node(&r, &(struct task_node){ "n1", 8, 2, NAN, 0 });
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct task_row row = task_row_new();
        row.id = rows[i].id;
        row.name = rows[i].name;
        row.after = rows[i].after;
        row.start_s = rows[i].start_s;
        row.end_s = rows[i].end_s;
        row.elapsed_s = row.end_s - row.start_s;
        row.notified_s = row.end_s + 0.25;
        row.cores = 3;
        row.status = rows[i].status;
        task_records_place(&r, &row, rows[i].node, NAN, NAN);
        task_records_add(&r, &row);
    }
    return r;
}

static void each_step_gives_its_own(void)
{
    struct task_records r = made();
    struct described d = task_describe(&r);
    CU_ASSERT_EQUAL_FATAL(d.n, 3);
    unit_is(d.task_of[1], ==, d.task_of[2]);
    unit_is(d.task_of[0], !=, d.task_of[1]);
    CU_ASSERT_EQUAL(d.tasks[d.task_of[2]].runtime_s, 10);
    struct placed p = task_place(&r, &d, "made");
    CU_ASSERT_EQUAL_FATAL(p.platform->n_nodes, 2);
    CU_ASSERT_EQUAL(platform_node(p.platform, (size_t)p.node_of[0])->cores, 8);      /* recorded */
    /* by its use */
    CU_ASSERT_EQUAL(platform_node(p.platform, (size_t)p.node_of[1])->cores, 3);
    struct task_groups g;
    struct error err = { "" };
    bool inferred;
    CU_ASSERT_EQUAL_FATAL(task_group(&g, &r, &d, "made", &inferred, &err), 0);
    CU_ASSERT_EQUAL(g.n_sets, 2);
    CU_ASSERT_FALSE(inferred);
    unit_is(g.workflow->sets[1].dependencies[0].kind, ==, DEPENDENCY_ALL);
    task_groups_clear(&g);
    placed_clear(&p);
    described_clear(&d);
    task_records_clear(&r);
}

static void all_steps_make_a_session(void)
{
    struct task_records r = made();
    struct error err = { "" };
    struct session *s = task_session(&r, &(struct task_source){ "test", "made", "path" }, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    CU_ASSERT_EQUAL(s->zero_epoch_s, 90);
    CU_ASSERT_EQUAL(s->timeline->session_end_s, 35);
    CU_ASSERT_EQUAL(s->timeline->n, 4);
    CU_ASSERT_EQUAL(timeline_makespan(s->timeline), 21.5);
    CU_ASSERT_EQUAL(s->timeline->records[0].notified_s - s->timeline->records[0].stopped_s, 0.25);
    CU_ASSERT_EQUAL(r.n, 0);
    session_free(s);
    task_records_clear(&r);
    r = made();
    r.rows[0].after = "3";
    CU_ASSERT_PTR_NULL(task_session(&r, &(struct task_source){ "test", "made", "path" }, &err));
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "path: tasks wait for each other in a circle"));
    task_records_clear(&r);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(each_step_gives_its_own), UNIT_TEST(all_steps_make_a_session), { NULL, NULL },
    };
    return unit_run("task_steps", tests);
}
