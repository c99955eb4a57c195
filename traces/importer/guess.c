#include "traces/importer/guess.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

static int compare_loads(const void *a, const void *b)
{
    const struct guess_load *x = a, *y = b;
    if (x->time_s != y->time_s)
        return x->time_s < y->time_s ? -1 : 1;
    return (x->amount > y->amount) - (x->amount < y->amount);
}

double guess_peak(struct guess_load *loads, size_t n)
{
    double sum = 0, peak = 0;
    qsort(loads, n, sizeof *loads, compare_loads);
    for (size_t i = 0; i < n; i++) {
        sum += loads[i].amount;
        peak = fmax(peak, sum);
    }
    return peak;
}

/* Compares two runs of digits as numbers of any length; both pointers go behind them. */
static int compare_digits(const char **a, const char **b)
{
    while (**a == '0')
        ++*a;
    while (**b == '0')
        ++*b;
    const char *x = *a, *y = *b;
    while (isdigit((unsigned char)**a))
        ++*a;
    while (isdigit((unsigned char)**b))
        ++*b;
    size_t n = (size_t)(*a - x), m = (size_t)(*b - y);
    return n != m ? (n > m) - (n < m) : strncmp(x, y, n);
}

int guess_compare_names(const char *a, const char *b)
{
    const char *x = a, *y = b;
    while (*x && *y) {
        if (isdigit((unsigned char)*x) && isdigit((unsigned char)*y)) {
            int order = compare_digits(&x, &y);
            if (order)
                return order;
        } else if (*x != *y) {
            break;
        } else {
            x++;
            y++;
        }
    }
    int order = (unsigned char)*x - (unsigned char)*y;
    return order ? order : strcmp(a, b);
}

struct platform *guess_platform(const char *name, size_t n_nodes, int cores, int gpus, const char *const *node_names, const char *source)
{
    struct platform *p = xcalloc(1, sizeof *p);
    p->name = xstrdup(name);
    p->source = xstrdup(source);
    p->slot_kind = SLOT_CORE;
    p->n_shapes = 1;
    p->shapes = xcalloc(1, sizeof *p->shapes);
    p->shapes[0] = (struct node_shape){ .name = xstrdup("node"), .cores = cores, .threads_per_core = 1, .n_slots = cores, .n_gpus = gpus };
    p->n_nodes = n_nodes;
    p->shape_of = xcalloc(n_nodes, sizeof *p->shape_of);
    p->node_names = node_names ? xcalloc(n_nodes, sizeof *p->node_names) : NULL;
    for (size_t i = 0; node_names && i < n_nodes; i++)
        p->node_names[i] = xstrdup(node_names[i]);
    return p;
}

size_t guess_durations(double *durations, size_t n)
{
    double sum = 0;
    size_t known = 0;
    for (size_t i = 0; i < n; i++) {
        if (isnan(durations[i]))
            continue;
        sum += durations[i];
        known++;
    }
    for (size_t i = 0; i < n; i++)
        if (isnan(durations[i]))
            durations[i] = known ? sum / (double)known : 0;
    return n - known;
}
