#include "study/result.h"

#include <math.h>
#include <string.h>

#include "base/xalloc.h"
#include "study/summary.h"

static const char *const names[] = {
#define ROW(id, name, value) name,
#include "study/figure_rows.h"
#undef ROW
};

const char *figure_name(enum figure f)
{
    return names[f];
}

/* NAN for a session of one job that does not wait. */
static double of_jobs(const struct summary *m, double x)
{
    return m->jobs.chain ? x : (double)NAN;
}

static void fill(double *f, const struct summary *m)
{
#define ROW(id, name, value) f[FIGURE_##id] = (value);
#include "study/figure_rows.h"
#undef ROW
}

struct result *result_of(size_t point, const struct scenario *s, const struct replicas *replicas)
{
    struct summary m = summary_of(s, replicas);
    struct result *r = xcalloc(1, sizeof *r);
    *r = (struct result){ .point = point, .n = replicas->n,
                          .makespans = xcalloc(replicas->n, sizeof *r->makespans) };
    fill(r->figures, &m);
    for (size_t i = 0; i < r->n; i++)
        r->makespans[i] = replicas->at[i].complete ? replicas->at[i].makespan_s : NAN;
    return r;
}

struct result *result_of_error(size_t point, const char *why)
{
    struct result *r = xcalloc(1, sizeof *r);
    *r = (struct result){ .point = point, .error = xstrdup(why) };
    for (int f = 0; f < FIGURES; f++)
        r->figures[f] = NAN;
    return r;
}

void result_free(struct result *r)
{
    if (!r)
        return;
    xfree(r->error, r->makespans, r);
}

/* ---- bytes: head, figures, makespans, the sentence without its end ---- */

struct head { size_t point, n, error_length; bool has_error; };

char *result_pack(const struct result *r, size_t *size)
{
    struct head head = { .point = r->point, .n = r->n, .has_error = r->error != NULL,
                         .error_length = r->error ? strlen(r->error) : 0 };
    *size = sizeof head + sizeof r->figures + r->n * sizeof *r->makespans + head.error_length;
    char *bytes = xcalloc(1, *size), *at = bytes;
    memcpy(at, &head, sizeof head);
    memcpy(at += sizeof head, r->figures, sizeof r->figures);
    at += sizeof r->figures;
    if (r->n > 0)
        memcpy(at, r->makespans, r->n * sizeof *r->makespans);
    if (r->error)
        memcpy(at + r->n * sizeof *r->makespans, r->error, head.error_length);
    return bytes;
}

struct result *result_unpack(const char *bytes, size_t size)
{
    struct head head;
    const size_t fixed = sizeof head + sizeof ((struct result *)0)->figures;
    if (size < fixed)
        return NULL;
    memcpy(&head, bytes, sizeof head);
    if (head.n > (size - fixed) / sizeof(double) ||
        head.error_length != size - fixed - head.n * sizeof(double))
        return NULL;
    struct result *r = xcalloc(1, sizeof *r);
    *r = (struct result){ .point = head.point, .n = head.n,
                          .makespans = xcalloc(head.n, sizeof *r->makespans) };
    memcpy(r->figures, bytes + sizeof head, sizeof r->figures);
    if (r->n > 0)
        memcpy(r->makespans, bytes + fixed, r->n * sizeof *r->makespans);
    if (head.has_error)
        r->error = xstrndup(bytes + fixed + r->n * sizeof *r->makespans, head.error_length);
    return r;
}
