/* Sessions of every generation and kind at hand: what is known of each from independent scripts. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/known.h"
#include "base/str.h"
#include "tests/support/unit.h"
#include "traces/importer.h"
#include "traces/task_edges.h"

struct known {
    const char *file;
    size_t nodes;
    int slots, gpus;                     /* of a node */
    unsigned tasks;
    double makespan_s, within_s;
    size_t services;
};

/* DeepDriveMD's figures are of the tasks' own work (work_alone_lasts_as_published() below): what
 * precedes it counts here. */
static const struct known all[] = {
    { "services/ollama-1client.tar.gz", 2, 64, 4, 1, 23.74, 0.5, 1 },
    { "services/ollama-2nodes.tar.gz", 2, 64, 4, 64, 74.52, 0.5, 1 },
    { "adaptive/predef-16.tar.gz", 2, 20, 0, 16, 1033.5, 0.5, 0 },
    { "adaptive/adap-16.tar.gz", 2, 20, 0, 16, 1033.7, 0.5, 0 },
    { "adaptive/adap-bot-16.tar.gz", 17, 20, 0, 256, 1090.7, 0.5, 0 },
    { "adaptive/msm-trial2.tar.gz", 10, 20, 0, 110, 884.4, 0.5, 0 },
    { "adaptive/impress-gpu005.tar.gz", 1, 28, 4, 77, 139326.5, 0.5, 0 },
    { "barriers/esmacs-barrier-8x8.tar.gz", 2, 32, 0, 56, 34523.7, 0.5, 0 },
    { "barriers/esmacs-nobarrier-8x8.tar.gz", 2, 32, 0, 56, 35517.9, 0.5, 0 },
    { "barriers/esmacs-barrier-8x32.tar.gz", 8, 32, 0, 56, 2780.6, 0.5, 0 },
    { "barriers/esmacs-entk04-8x8-t2.tar.gz", 2, 32, 0, 56, 34556.1, 0.5, 0 },
    { "bags/stampede2-het512.tar.xz", 1, 68, 0, 512, 2498.5, 0.5, 0 },
    { "bags/titan-64.tar.gz", 131, 16, 0, 64, 940.1, 0.5, 0 },
    { "bags/bridges-distexp2.tar.gz", 1, 28, 2, 100, 756.8, 0.5, 0 },
    { "bags/local-het2048-32n.tar.gz", 32, 64, 8, 2048, 802.5, 0.5, 0 },
    { "generations/rp-0.7x-jsrun/rp.session.login1.mturilli1.018100.0002.tar.gz", 13, 168, 6, 512,
      908.98, 0.5, 0 },
    { "generations/rp-0.7x-prte/rp.session.login4.mturilli1.018117.0003.tar.gz", 25, 168, 6, 1024,
      969.46, 0.5, 0 },
    { "generations/rp-0.7x-prte/rp.session.login3.mturilli1.018114.0004.tar.gz", 25, 168, 6, 1024,
      974.69, 0.5, 0 },
    { "generations/entk-0.70/re.session.login2.hrlee.018146.0007.tar.gz", 10, 168, 6, 72, 15618, 5,
      0 },
    { "generations/entk-0.70/re.session.login2.hrlee.018147.0001.tar.gz", 80, 168, 6, 492, 23927, 5,
      0 },
    { "generations/rp-0.9-1.0/280cpus_100_100_100tasks_1_1_2gens.tar.gz", 7, 168, 6, 300, 1014.74,
      0.5, 0 },
    { "generations/rp-0.9-1.0/rp.session.login4.hrlee.018243.0002.tar.gz", 3, 168, 6, 120, 1014.45,
      0.5, 0 },
    { "generations/entk-1.x-jsrun/re.session.login1.hrlee.018610.0002.tar.gz", 20, 168, 6, 250,
      1482, 9, 0 },
    { "generations/entk-1.x-jsrun/re.session.login1.braceal.018605.0009.tar.gz", 13, 168, 6, 320,
      3293, 3, 0 },
    { "generations/entk-1.x-jsrun/re.session.lassen708.lee1078.018606.0010.tar.gz", 32, 160, 4, 250,
      1518, 3, 0 },
    { "summit-async/re.session.login2.pascuzzi.019224.0001.tgz", 16, 168, 6, 627, 1660.1, 0.5, 0 },
    { "summit-async/re.session.login1.pascuzzi.019225.0000.tgz", 16, 168, 6, 256, 1902.5, 0.5, 0 },
    { "summit-async/re.session.login1.pascuzzi.019225.0001.tgz", 16, 168, 6, 256, 1909.1, 0.5, 0 },
    { "summit-async/re.session.login5.pascuzzi.019221.0000.tgz", 16, 168, 6, 256, 1800.1, 0.5, 0 },
    { "summit-async/rp.session.login4.okilic1.019489.0010.tgz", 16, 168, 6, 320, 1899.4, 0.5, 0 },
    { "summit-prrte/rp.session.login4.mturilli1.018443.0002.tgz", 2, 168, 6, 32, 33.17, 0.5, 0 },
    { "summit-prrte/rp.session.login4.mturilli1.018444.0003.tgz", 4, 168, 6, 42, 1206.3, 0.5, 0 },
};
enum { SESSIONS = sizeof all / sizeof *all };

/* NULL: not there; the caller goes on. */
static struct session *load(const struct known *k)
{
    char *path = str_format("%s/traces/%s", unit_shared_dir(), k->file);
    struct error err = { "" };
    struct session *s = file_exists(path) ? importer_load(path, NULL, &err) : NULL;
    if (!s)
        printf("\n  %s: %s", k->file, err.text[0] ? err.text : "not there");
    if (err.text[0])
        CU_FAIL("a session cannot be imported");
    free(path);
    return s;
}

/* One figure, printed if it is not as known. */
static void is(const char *file, const char *what, double actual, double expected, double within)
{
    bool holds = fabs(actual - expected) <= within;      /* false for NAN */
    if (!holds)
        printf("\n  %s: %s is %.6g, expected %.6g within %g", file, what, actual, expected, within);
    CU_ASSERT(holds);
}

static void check(const struct known *k, const struct session *s)
{
    const struct node_shape *node = platform_node(s->platform, 0);
    double makespan = timeline_makespan(s->timeline);
    is(k->file, "nodes", (double)s->platform->n_nodes, (double)k->nodes, 0);
    is(k->file, "kinds of nodes", (double)s->platform->n_shapes, 1, 0);
    is(k->file, "slots of a node", node->n_slots, k->slots, 0);
    is(k->file, "GPUs of a node", node->n_gpus, k->gpus, 0);
    is(k->file, "tasks", s->workflow->n_tasks, k->tasks, 0);
    is(k->file, "makespan", makespan, k->makespan_s, k->within_s);
    is(k->file, "services", (double)s->n_services, (double)k->services, 0);
    is(k->file, "critical path beyond the makespan", fmax(session_critical_path_s(s) - makespan, 0),
       0, 1e-6);
}

static void every_session_is_what_is_known_of_it(void)
{
    if (!unit_shared_dir()) {
        unit_skip("no ../shared");
        return;
    }
    for (size_t i = 0; i < SESSIONS; i++) {
        struct session *s = load(&all[i]);
        if (s)
            check(&all[i], s);
        session_free(s);
    }
}

/* Each task fits its platform, so that what was imported can be simulated. */
static void every_demand_fits_its_platform(void)
{
    if (!unit_shared_dir()) {
        unit_skip("no ../shared");
        return;
    }
    for (size_t i = 0; i < SESSIONS; i++) {
        struct error err = { "" };
        struct session *s = load(&all[i]);
        if (s && platform_check(s->platform, s->workflow, &err)) {
            printf("\n  %s: %s", all[i].file, err.text);
            CU_FAIL("a demand does not fit");
        }
        session_free(s);
    }
}

/* EnTK 0.4 of eight pipelines: each task but the first of its pipeline waits for one. */
static void names_of_old_entk_are_pipelines(void)
{
    if (!unit_shared_dir()) {
        unit_skip("no ../shared");
        return;
    }
    for (size_t i = 0; i < SESSIONS; i++) {
        struct session *s = strstr(all[i].file, "entk04") ? load(&all[i]) : NULL;
        if (!s)
            continue;
        is(all[i].file, "task sets", (double)s->workflow->n_sets, 7, 0);
        is(all[i].file, "edges", task_edges_count(s->workflow), 48, 0);
        /* without the waits for a node */
        is(all[i].file, "critical path", session_critical_path_s(s), 8748, 0.5);
        session_free(s);
    }
}

/* DeepDriveMD's published figures: from the first task's own work (cu_exec_start) to the last's,
 * partly on clocks of whole seconds. */
static void work_alone_lasts_as_published(void)
{
    static const struct { const char *name; double work_s;
    } published[] = {
        { "018146.0007", 15618 }, { "018147.0001", 23927 }, { "018610.0002", 1482 },
        { "018605.0009", 3293 },  { "018606.0010", 1518 },
    };
    if (!unit_shared_dir()) {
        unit_skip("no ../shared");
        return;
    }
    for (size_t i = 0; i < SESSIONS; i++)
        for (size_t k = 0; k < sizeof published / sizeof *published; k++) {
            struct session *s = strstr(all[i].file, published[k].name) ? load(&all[i]) : NULL;
            double first = NAN, last = NAN;
            for (size_t t = 0; s && t < s->timeline->n; t++) {
                first = earlier_known(first, s->tasks[t].at[EVENT_EXEC_START]);
                last = later_known(last, s->tasks[t].at[EVENT_EXEC_STOP]);
            }
            if (s)
                is(all[i].file, "work alone", last - first, published[k].work_s, 0.5);
            session_free(s);
        }
}

static void clients_of_a_service_last_as_measured(void)
{
    struct session *s = unit_shared_dir() ? load(&all[1]) : NULL;
    double sum = 0;
    if (!s) {
        unit_skip("no ../shared");
        return;
    }
    for (size_t i = 0; i < s->timeline->n; i++)
        sum += session_measured_s(s, i);
    is(all[1].file, "mean client", sum / (double)s->timeline->n, 58.7, 0.05);
    is(all[1].file, "cores of the service", s->services[0].slots, 64, 0);
    is(all[1].file, "GPUs of the service", s->services[0].gpus, 4, 0);
    session_free(s);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(every_session_is_what_is_known_of_it),  UNIT_TEST(every_demand_fits_its_platform),
        UNIT_TEST(names_of_old_entk_are_pipelines),       UNIT_TEST(work_alone_lasts_as_published),
        UNIT_TEST(clients_of_a_service_last_as_measured), { NULL, NULL }
    };
    return unit_run("sessions", tests);
}
