#include "core/timeline.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "num/rng.h"
#include "tests/support/unit.h"
#include "tests/support/world.h"

static const char workflow[] =
    "{\"name\": \"w\", \"task_sets\": [{\"name\": \"a, \\\"b\\\"\", \"tasks\": 500, \"cores\": 2, "
    "\"duration\": 5}, "
    "{\"name\": \"c\", \"tasks\": 2, \"cores\": 1, \"duration\": 3, \"retries\": 2}]}";
static const char platform[] =
    "{\"name\": \"p\", \"nodes\": [{\"name\": \"n\", \"count\": 2, \"cores\": 8, \"gpus\": 4}]}";

static char path[] = "/tmp/dagcast-csv-XXXXXX";

/* The timeline's file, its lines ended by NUL; `lines` points to each. Free *text. */
static size_t saved_lines(const struct timeline *t, char **text, char *lines[], size_t most)
{
    struct error err = { "" };
    size_t size, n = 0;

    unit_must_be(timeline_save_csv(t, path, &err), ==, 0);
    *text = file_load(path, 1 << 24, &size, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(*text);
    for (char *line = *text, *end; n < most && (end = strchr(line, '\n')); line = end + 1) {
        *end = '\0';
        lines[n++] = line;
    }
    return n;
}

static void rows_say_what_the_records_hold(void)
{
    struct world w = world_new(workflow, platform);
    char *text, *lines[8];

    world_ran(&w, 0, 7, 1.5, 6.25);
    timeline_add_slots(w.timeline, &(struct timeline_slots){ .node = 0,
                                       .cores = (const uint16_t[]){ 0, 1, 2, 5 }, .n_cores = 4,
                                       .gpus = (const uint16_t[]){ 3 }, .n_gpus = 1 });
    timeline_add_slots(w.timeline, &(struct timeline_slots){ .node = 1,
                                       .cores = (const uint16_t[]){ 7 }, .n_cores = 1,
                                       .gpus = (const uint16_t[]){ 0, 1 }, .n_gpus = 2,
                                       .gpu_share = 400000 });
    timeline_set_at(w.timeline, 0, INSTANT_LAUNCHED, 1.25);
    timeline_add(w.timeline,
                 &(struct timeline_record){ 2.5, NAN, NAN, NAN, NAN, NAN, NAN, .task = 501 },
                 TASK_CANCELLED, 2);
    w.timeline->session_start_s = -3.5;
    w.timeline->session_end_s = 99.75;

    unit_must_be(saved_lines(w.timeline, &text, lines, 8), ==, 4);
    CU_ASSERT_STRING_EQUAL(
        lines[0],
        "set,task,attempt,status,submitted_s,arrived_s,scheduled_s,launched_s,started_s,stopped_s,"
        "freed_s,notified_s,nodes,cores,gpus,gpu_share");
    CU_ASSERT_STRING_EQUAL(lines[1], ",,,session,-3.5,,,,,,,99.75,n0;n1,0-7;0-7,0-3;0-3,;");
    CU_ASSERT_STRING_EQUAL(
        lines[2],
        "\"a, \"\"b\"\"\",7,0,done,,,1.5,1.25,1.5,6.25,6.25,,n0;n1,0-2 5;7,3;0-1,0;400000");
    CU_ASSERT_STRING_EQUAL(lines[3], "c,1,2,cancelled,2.5,,,,,,,,,,,");
    free(text);
    world_clear(&w);
}

/* Any double, from 1e-300 to 1e300, comes back bit for bit. */
static void numbers_read_back_equal(void)
{
    struct world w = world_new(workflow, platform);
    struct rng_stream stream = rng_stream(3, 0, RNG_TEST, 1);
    char *text, *lines[501];

    for (uint32_t i = 0; i < 500; i++)
        world_ran(&w, 0, i, pow(10, 600 * rng_uniform(&stream, 2 * i, 0) - 300),
                  -1e5 * rng_uniform(&stream, 2 * i + 1, 0));
    unit_must_be(saved_lines(w.timeline, &text, lines, 501), ==, 501);
    for (uint32_t i = 0; i < 500; i++) {
        const struct timeline_record *r = &w.timeline->records[i];
        double started_s, stopped_s;
        unsigned task;

        unit_must_be(sscanf(lines[i + 1], "\"a, \"\"b\"\"\",%u,0,done,,,%*[^,],,%lf,%lf,", &task,
                            &started_s, &stopped_s),
                     ==, 3);
        unit_is(task, ==, i);
        unit_is(started_s, ==, r->started_s);
        unit_is(stopped_s, ==, r->stopped_s);
    }
    free(text);
    world_clear(&w);
}

static void failures_are_sentences(void)
{
    struct world w = world_new(workflow, platform);
    struct error err = { "" };

    unit_is(timeline_save_csv(w.timeline, "/nonexistent/t.csv", &err), ==, -1);
    unit_has(err.text, "/nonexistent/t.csv");
    world_clear(&w);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(rows_say_what_the_records_hold),
        UNIT_TEST(numbers_read_back_equal),
        UNIT_TEST(failures_are_sentences),
        { NULL, NULL },
    };
    int fd = mkstemp(path);

    if (fd < 0)
        return EXIT_FAILURE;
    close(fd);
    int status = unit_run("timeline_csv", tests);
    unlink(path);
    return status;
}
