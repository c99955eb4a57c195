/* bench/store.c - rows a second that the store of a sweep takes, one transaction a row and several
 * rows a transaction.
 *
 *     bench_store FOLDER [REPLICAS]
 *
 * Rows of a study of two axes, with REPLICAS (100) makespans each, into FOLDER/rows.sqlite. Wall
 * and processor time. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "study/store.h"

enum { ROWS = 40000 };

static double seconds(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static struct grid *study(const char *folder)
{
    struct error err = { "" };
    char *path = str_format("%s/study.json", folder);
    FILE *f = fopen(path, "w");
    if (f) {
        fputs("{\"workflow\": \"w.json\", \"platform\": \"summit\", \"grid\": {\"nodes\": [1, 2], "
              "\"seed\": [1",
              f);
        for (int i = 2; i <= ROWS / 2; i++)
            fprintf(f, ", %d", i);
        fputs("]}}", f);
        fclose(f);
    }
    struct grid *g = grid_load(path, &err);
    if (!g) {
        fprintf(stderr, "%s\n", err.text);
        exit(2);
    }
    free(path);
    return g;
}

static int put_all(struct store *s, const struct grid *g, struct result *r, size_t together)
{
    int status = 0;
    for (size_t k = 0; k < g->n_points && status == 0; k++) {
        r->point = k;
        if (together > 1 && k % together == 0)
            status = store_begin(s, NULL);
        status |= store_put(s, g, r, NULL, NULL);
        if (together > 1 && (k % together == together - 1 || k + 1 == g->n_points))
            status |= store_commit(s, NULL);
    }
    return status;
}

static void measure(const char *folder, const struct grid *g, struct result *r, size_t together)
{
    struct error err = { "" };
    char *path = str_format("%s/rows.sqlite", folder);
    unlink(path);
    struct store *s = store_open(path, g, 1, "bench", &err);
    if (!s) {
        fprintf(stderr, "%s\n", err.text);
        exit(2);
    }
    double wall_s = seconds(CLOCK_MONOTONIC), cpu_s = seconds(CLOCK_PROCESS_CPUTIME_ID);
    int status = put_all(s, g, r, together);
    wall_s = seconds(CLOCK_MONOTONIC) - wall_s;
    cpu_s = seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu_s;
    store_close(s);
    unlink(path);
    free(path);
    if (status != 0)
        exit(2);
    printf("%4zu rows a transaction: %7.0f rows/s (%7.0f of processor time)\n", together,
           ROWS / wall_s, ROWS / cpu_s);
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "usage: bench_store FOLDER [REPLICAS]\n");
        return 2;
    }
    struct grid *g = study(argv[1]);
    size_t replicas = argc > 2 ? strtoul(argv[2], NULL, 10) : 100;
    struct result r = { .n = replicas, .makespans = xcalloc(replicas + 1, sizeof *r.makespans) };
    for (int f = 0; f < FIGURES; f++)
        r.figures[f] = 1000.0 / (f + 3);
    for (size_t i = 0; i < replicas; i++)
        r.makespans[i] = 1000.0 / (double)(i + 3);
    for (size_t together = 1; together <= 1024; together *= 4)
        measure(argv[1], g, &r, together);
    free(r.makespans);
    grid_free(g);
    return 0;
}
