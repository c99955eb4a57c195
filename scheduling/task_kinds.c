#include "scheduling/task_kinds.h"

#include <stdlib.h>

#include "base/sort.h"
#include "base/xalloc.h"
#include "core/durations.h"

struct entry { struct task_kind kind; uint32_t *of; };     /* of: where the kind's number goes */

SORT_BY_2(by_kind, struct entry, kind.demand_class, kind.expected_s)

static void kinds_are_classes(struct task_kinds *k, const uint32_t *class_of_set, size_t n_classes)
{
    k->n = n_classes;
    k->kind = xcalloc(n_classes, sizeof *k->kind);
    for (size_t c = 0; c < n_classes; c++)
        k->kind[c].demand_class = (uint32_t)c;
    k->of_set = class_of_set;
}

static size_t count_entries(const struct workflow *w)
{
    size_t n = 0;
    for (size_t s = 0; s < w->n_sets; s++)
        n += w->sets[s].durations ? w->sets[s].n_tasks : 1;
    return n;
}

static size_t list_set(struct task_kinds *k, const struct workflow *w, size_t set,
                       uint32_t demand_class, struct entry *out)
{
    uint32_t n = w->sets[set].durations ? w->sets[set].n_tasks : 1, *of = &k->own[set];
    if (w->sets[set].durations) {
        if (!k->of_task)
            k->of_task = xcalloc(w->n_sets, sizeof *k->of_task);
        of = k->of_task[set] = xcalloc(n, sizeof *of);
    }
    for (uint32_t t = 0; t < n; t++)
        out[t] = (struct entry){ { demand_class, durations_expected(w, (int)set, t) }, of + t };
    return n;
}

/* Kinds come to be numbered as their first tasks are, in whose order `of` is: what is kept of each
 * kind then lies in memory in the order in which jobs mostly arrive. */
static void number_in_order(struct task_kinds *k, uint32_t *const *of, size_t n)
{
    uint32_t *number = xcalloc(k->n, sizeof *number), next = 0;      /* one more; 0: not yet */
    struct task_kind *kinds = xcalloc(k->n, sizeof *kinds);
    for (size_t i = 0; i < n; i++) {
        uint32_t before = *of[i];
        if (number[before] == 0) {
            kinds[next] = k->kind[before];
            number[before] = ++next;
        }
        *of[i] = number[before] - 1;
    }
    xfree(number, k->kind);
    k->kind = kinds;
}

static void number_kinds(struct task_kinds *k, struct entry *entries, size_t n)
{
    uint32_t **of = xcalloc(n, sizeof *of);
    for (size_t i = 0; i < n; i++)
        of[i] = entries[i].of;
    qsort(entries, n, sizeof *entries, by_kind);
    k->kind = xcalloc(n, sizeof *k->kind);
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || by_kind(&entries[i - 1], &entries[i]) != 0)
            k->kind[k->n++] = entries[i].kind;
        *entries[i].of = (uint32_t)k->n - 1;
    }
    number_in_order(k, of, n);
    free(of);
}

void task_kinds_init(struct task_kinds *k, const struct workflow *w, const uint32_t *class_of_set,
                     size_t n_classes, bool by_duration)
{
    *k = (struct task_kinds){ 0 };
    if (!by_duration) {
        kinds_are_classes(k, class_of_set, n_classes);
        return;
    }
    k->of_set = k->own = xcalloc(w->n_sets, sizeof *k->own);
    struct entry *entries = xcalloc(count_entries(w), sizeof *entries);
    size_t n = 0;
    for (size_t s = 0; s < w->n_sets; s++)
        n += list_set(k, w, s, class_of_set[s], entries + n);
    k->n_sets = w->n_sets;
    number_kinds(k, entries, n);
    free(entries);
    for (size_t s = 0; k->of_task && s < w->n_sets; s++)
        k->own[s] = k->of_task[s] ? k->of_task[s][0] : k->own[s];
}

void task_kinds_clear(struct task_kinds *k)
{
    for (size_t s = 0; k->of_task && s < k->n_sets; s++)
        free(k->of_task[s]);
    xfree(k->of_task, k->own, k->kind);
    *k = (struct task_kinds){ 0 };
}

uint32_t task_kinds_run(const struct task_kinds *k, uint32_t set, uint32_t task, uint32_t count,
                        uint32_t *same)
{
    const uint32_t *of = k->of_task ? k->of_task[set] : NULL;
    *same = count;
    if (!of)
        return k->of_set[set];
    for (uint32_t i = 1; i < count; i++)
        if (of[task + i] != of[task]) {
            *same = i;
            break;
        }
    return of[task];
}
