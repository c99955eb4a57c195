/* bench/session.c - writes what bench/import reads: the session that RADICAL-Pilot would have left
 * of a bag of N tasks on 16 nodes, its profiles in the order of time.
 *
 *     bench_session FOLDER N         the folder is made; its name should look like a session's:
 *                                    re.session.bench.0000 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <gsl/gsl_errno.h>

#include "bench/workloads.h"
#include "sim/simulate.h"
#include "tests/support/session_writer.h"

int main(int argc, char **argv)
{
    struct error err = { "" };
    if (argc != 3) {
        fprintf(stderr, "usage: bench_session FOLDER N\n");
        return 2;
    }
    gsl_set_error_handler_off();
    struct workload w = workload_make("w1", (uint32_t)strtoul(argv[2], NULL, 10), NULL, NULL);
    struct simulator *sim = simulator_new(&w.scenario, &err);
    struct timeline *timeline = timeline_new(w.workflow, w.platform);
    struct replica out;
    int status = -1;
    if (sim) {
        simulator_run(sim, 0, timeline, &out);
        struct session_writer writer = { .timeline = timeline, .dialect = DIALECT_TASK,
                                         .sleeps = true, .cut_s = INFINITY };
        status = session_write(argv[1], &writer, &err);
    }
    if (status)
        fprintf(stderr, "%s\n", err.text);
    simulator_free(sim);
    timeline_free(timeline);
    workload_clear(&w);
    return status ? 2 : 0;
}
