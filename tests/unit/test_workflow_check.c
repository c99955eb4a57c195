#include "core/workflow_impl.h"

#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "tests/support/unit.h"

/* Sets a, b, c of 6, 4 and 3 tasks. */
static struct workflow *abc(void)
{
    static const uint32_t tasks[] = { 6, 4, 3 };
    struct workflow *w = workflow_new("abc", 3);
    for (size_t s = 0; s < 3; s++) {
        w->sets[s].name = xstrndup(&"abc"[s], 1);
        w->sets[s].n_tasks = tasks[s];
        task_traits_own(&w->sets[s])->demand.cores = 1;
        w->sets[s].duration = dist_constant(2.385);
    }
    return w;
}

static void after(struct workflow *w, int set, int parent, enum dependency_kind kind)
{
    workflow_add_dependency(&w->sets[set], (struct dependency){ .parent = parent, .kind = kind });
}

/* Finishing must fail with exactly this sentence; NULL: must not fail. Frees. */
static void expect(struct workflow *w, const char *sentence)
{
    struct error err = { "" };
    int status = workflow_finish(w, &err);
    if (strcmp(err.text, sentence ? sentence : "") != 0)
        printf("got: %s\n", err.text);
    CU_ASSERT_EQUAL(status, sentence ? -1 : 0);
    CU_ASSERT_STRING_EQUAL(err.text, sentence ? sentence : "");
    workflow_free(w);
}

static void names_must_differ(void)
{
    struct workflow *w = abc();
    w->sets[2].name[0] = 'a';
    expect(w, "workflow abc: two task sets are called 'a'");
}

static void a_cycle_is_printed_along_its_dependencies(void)
{
    struct workflow *w = abc();
    after(w, 1, 0, DEPENDENCY_ALL);                      /* a before b before c before a */
    after(w, 2, 1, DEPENDENCY_ALL);
    after(w, 0, 2, DEPENDENCY_ALL);
    expect(w, "workflow abc: task sets wait for each other in a circle: a -> b -> c -> a");
    w = abc();
    after(w, 1, 1, DEPENDENCY_ALL);
    after(w, 2, 1, DEPENDENCY_ALL);
    expect(w, "workflow abc: task sets wait for each other in a circle: b -> b");
}

static void sizes_must_match_the_kind(void)
{
    struct workflow *w = abc();
    after(w, 1, 0, DEPENDENCY_EACH);
    expect(
        w,
        "task set 'b': comes after each of 'a', so both need as many tasks; it has 4, 'a' has 6");
    w = abc();
    after(w, 1, 0, DEPENDENCY_BLOCK);
    expect(w, "task set 'b': comes after blocks of 'a', so one number of tasks must divide the "
              "other; it has 4, 'a' has 6");
    w = abc();
    after(w, 2, 0, DEPENDENCY_BLOCK);
    expect(w, NULL);
    w = abc();
    after(w, 0, 2, DEPENDENCY_BLOCK);
    expect(w, NULL);
}

static void edges_must_lie_within_their_sets(void)
{
    static const uint32_t edges[] = { 5, 3, 6, 0 };
    struct workflow *w = abc();
    workflow_add_dependency(&w->sets[1],
                            (struct dependency){ .parent = 0,
                                                 .kind = DEPENDENCY_EDGES,
                                                 .n_edges = 1,
                                                 .edges = xmemdup(edges, sizeof edges) });
    expect(w, NULL);
    w = abc();
    workflow_add_dependency(&w->sets[1],
                            (struct dependency){ .parent = 0,
                                                 .kind = DEPENDENCY_EDGES,
                                                 .n_edges = 2,
                                                 .edges = xmemdup(edges, sizeof edges) });
    expect(
        w,
        "task set 'b': edge from task 6 of 'a' to task 0; they have 6 and 4 tasks, counted from 0");
}

static void a_parent_stands_once(void)
{
    struct workflow *w = abc();
    after(w, 1, 0, DEPENDENCY_ALL);
    after(w, 1, 0, DEPENDENCY_ALL);
    expect(w, "task set 'b': comes after 'a' twice");
}

static void demands_must_make_sense(void)
{
    struct workflow *w = abc();
    task_traits_own(&w->sets[1])->demand.cores = 0;
    expect(w, "task set 'b': asks for no core, no thread and no GPU; give it at least one");
    w = abc();
    task_traits_own(&w->sets[1])->demand.threads = 1;
    expect(w, "task set 'b': its demand makes no sense: ranks at least 1, cores or threads but not "
              "both, nothing negative");
}

/* Stages given by letters: "a|bc" are [a][b c]. */
static size_t stages_of(const char *text, struct stage **stages)
{
    size_t n = 1;
    *stages = xcalloc(strlen(text) + 1, sizeof **stages);
    for (; *text; text++) {
        struct stage *last = &(*stages)[n - 1];
        if (!last->sets)
            last->sets = xcalloc(8, sizeof *last->sets);
        if (*text == '|')
            n++;
        else
            last->sets[last->n_sets++] = *text - 'a';
    }
    return n;
}

static void stages_must_hold_every_set_once_and_in_order(void)
{
    static const struct { const char *stages, *sentence; } cases[] = {
        { "a|bc", NULL },
        { "ab|c",
          "workflow abc: stages: 'b' (stage 1) comes after 'a' (stage 1), so it would wait for "
          "itself" },
        { "b|ac",
          "workflow abc: stages: 'b' (stage 1) comes after 'a' (stage 2), so it would wait for "
          "itself" },
        { "a|b", "workflow abc: stages: task set 'c' is missing; list every set once" },
        { "a|bca", "workflow abc: stages: task set 'a' is listed twice" },
        { "a||bc", "workflow abc: stages: a stage is empty" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct workflow *w = abc();
        after(w, 1, 0, DEPENDENCY_ALL);
        w->n_stages = stages_of(cases[i].stages, &w->stages);
        expect(w, cases[i].sentence);
    }
}

/* One pipeline each for the texts (NULL: one only), and b after a. */
static struct workflow *with_pipelines(const char *first, const char *second)
{
    struct workflow *w = abc();
    const char *const texts[] = { first, second };
    after(w, 1, 0, DEPENDENCY_ALL);
    w->n_pipelines = second ? 2 : 1;
    w->pipelines = xcalloc(2, sizeof *w->pipelines);
    for (size_t p = 0; p < w->n_pipelines; p++) {
        w->pipelines[p].name = str_format("p%zu", p);
        w->pipelines[p].n_stages = stages_of(texts[p], &w->pipelines[p].stages);
    }
    return w;
}

static void pipelines_must_not_wait_for_themselves(void)
{
    expect(with_pipelines("a|b", "c"), NULL);
    expect(with_pipelines("a", "b|c"), NULL);
    expect(with_pipelines("a|b", NULL),
           "workflow abc: pipelines: task set 'c' is missing; list every set once");
    expect(with_pipelines("abc", NULL), "workflow abc: stages of its pipelines wait for each other "
                                        "in a circle: p0, stage 1 -> p0, stage 1");
    struct workflow *w = with_pipelines("c|a", "b");     /* b after a, but p0 after p1 */
    w->pipelines[0].n_after = 1;
    w->pipelines[0].after = xcalloc(1, sizeof *w->pipelines[0].after);
    w->pipelines[0].after[0] = 1;
    expect(w, "workflow abc: stages of its pipelines wait for each other in a circle: p0, stage 1 "
              "-> p0, stage 2 -> p1, stage 1 -> p0, stage 1");
}

static void a_pipeline_needs_stages(void)
{
    struct workflow *w = with_pipelines("abc", "");
    w->pipelines[1].n_stages = 0;
    expect(w, "workflow abc: pipeline 'p1' has no stages");
}

int main(void)
{
    static const struct unit_test tests[] = { UNIT_TEST(names_must_differ),
                                              UNIT_TEST(a_cycle_is_printed_along_its_dependencies),
                                              UNIT_TEST(sizes_must_match_the_kind),
                                              UNIT_TEST(edges_must_lie_within_their_sets),
                                              UNIT_TEST(a_parent_stands_once),
                                              UNIT_TEST(demands_must_make_sense),
                                              UNIT_TEST(
                                                  stages_must_hold_every_set_once_and_in_order),
                                              UNIT_TEST(pipelines_must_not_wait_for_themselves),
                                              UNIT_TEST(a_pipeline_needs_stages),
                                              { NULL, NULL } };
    return unit_run("workflow_check", tests);
}
