#include "tests/support/measured.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "sim/simulate.h"
#include "tests/support/scratch.h"
#include "tests/support/unit.h"
#include "tests/support/world.h"
#include "traces/importer.h"

static const char platform_json[] =
    "{\"name\": \"ornl.summit\", \"slots\": \"threads\", "
    "\"nodes\": [{\"count\": 4, \"cores\": 42, \"threads_per_core\": 4, \"gpus\": 6}]}";

static const char staged_json[] =
    "{\"name\": \"staged\", \"task_sets\": ["
    "{\"name\": \"sim\", \"tasks\": 24, \"threads\": 4, \"gpus\": 1, \"duration\": 130.25},"
    "{\"name\": \"train\", \"tasks\": 8, \"threads\": 40, \"duration\": 42.5},"
    "{\"name\": \"infer\", \"tasks\": 24, \"threads\": 16, \"gpus\": 1, \"duration\": 57.125}],"
    "\"pipelines\": [{\"name\": \"p\", \"stages\": [[\"sim\"], [\"train\"], [\"infer\"]]}]}";

/* Mixed sizes, twice as much as fits: tasks wait. */
static const char bag_json[] =
    "{\"name\": \"bag\", \"task_sets\": ["
    "{\"name\": \"unit-5x8\", \"tasks\": 12, \"ranks\": 5, \"threads\": 8, \"duration\": 31.5},"
    "{\"name\": \"unit-1x16\", \"tasks\": 20, \"threads\": 16, \"duration\": 17.25},"
    "{\"name\": \"unit-1x1g3\", \"tasks\": 11, \"threads\": 1, \"gpus\": 3, \"duration\": 23.75}]}";

struct middleware *measured_profile(void)
{
    static const char json[] =
        "{\"name\": \"known\", \"scheduler\": \"radical\", \"generation\": \"1.9\", \"stations\": {"
        "\"client\": {\"base\": {\"distribution\": \"normal\", \"mean\": 1.5, \"sd\": 0.2}, "
        "\"per_task\": 0.01,"
        "             \"next_stage\": {\"distribution\": \"uniform\", \"min\": 1, \"max\": 3}},"
        "\"agent\": {\"latency\": 0.5, \"poll\": 2}, \"schedule\": {\"retry\": 0.1},"
        "\"launch\": {\"service\": 0.02, \"servers\": 1}, \"startup\": {\"warm\": 0.25},"
        "\"detect\": {\"base\": 0.0625}, \"free\": {\"base\": 0.002, \"poll\": 0.1}, \"notify\": "
        "{\"base\": 1, \"poll\": 1}},"
        "\"seen\": {\"nodes\": 4, \"tasks\": 56, \"platform\": \"summit\"}}";
    struct error err = { "" };
    struct json_document *doc = json_parse(json, strlen(json), "profile", &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(doc);
    struct json root = json_root(doc);
    struct middleware *m = middleware_from_json(&root, &err);
    json_free(doc);
    if (!m)
        puts(err.text);
    CU_ASSERT_PTR_NOT_NULL_FATAL(m);
    return m;
}

/* Given task by task, as the writer needs them to write `sleep`. */
static void give_durations(struct workflow *w)
{
    for (size_t k = 0; k < w->n_sets; k++) {
        struct task_set *set = &w->sets[k];
        set->durations = xcalloc(set->n_tasks, sizeof *set->durations);
        for (uint32_t i = 0; i < set->n_tasks; i++)
            set->durations[i] = dist_mean(set->duration);
    }
}

static double run_world(struct world *w, const struct middleware *m, const char *generation,
                        uint32_t number)
{
    give_durations(w->workflow);
    struct scenario s = { .workflow = w->workflow, .platform = w->platform, .middleware = m,
                          .mode = MODE_PIPELINED, .seed = 77 };
    s.scheduler =
        scheduler_options_resolve(&(struct scheduler_options){ .generation = generation }, m);
    struct error err = { "" };
    struct simulator *sim = simulator_new(&s, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(sim);
    struct replica r;
    simulator_run(sim, number, w->timeline, &r);
    simulator_free(sim);
    return r.makespan_s;
}

static struct session *written(const struct world *w, enum session_dialect dialect, bool entk,
                               uint32_t number)
{
    struct error err = { "" };
    char *folder = scratch_new(), *path = str_format("%s/%s.session.host.user.019000.%04u", folder,
                                                     entk ? "re" : "rp", (unsigned)number);
    const double run_s[] = { 0 };
    struct session_writer writer = { .timeline = w->timeline, .dialect = dialect, .entk = entk,
                                     .run_started_s = run_s, .n_runs = 1,
                                     .sleeps = true, .cut_s = INFINITY };
    CU_ASSERT_EQUAL_FATAL(session_write(path, &writer, &err), 0);
    struct session *s = importer_load(path, NULL, &err);
    if (!s)
        puts(err.text);
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    free(path);
    scratch_free(folder);
    return s;
}

const char *measured_generation(enum session_dialect dialect)
{
    static const char *const names[] = { [DIALECT_OLD_COLUMNS] = "0.6", [DIALECT_UNIT] = "1.4",
                                         [DIALECT_TASK] = "1.9",
                                         [DIALECT_RANK] = "1.33" };
    return names[dialect];
}

struct measured measured_session(enum measured_kind kind, enum session_dialect dialect,
                                 const struct middleware *m, uint32_t number)
{
    struct world w = world_new(kind == MEASURED_STAGED ? staged_json : bag_json, platform_json);
    struct measured out = { .makespan_s = run_world(&w, m, measured_generation(dialect), number) };
    out.session = written(&w, dialect, kind == MEASURED_STAGED, number);
    world_clear(&w);
    return out;
}

void measured_clear(struct measured *m)
{
    session_free(m->session);
    *m = (struct measured){ 0 };
}
