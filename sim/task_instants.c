#include "sim/task_instants.h"

#include <assert.h>
#include <stdlib.h>

#include "base/xalloc.h"

/* A page of a column: `each` of its tasks' values, or NULL: all have the value `all`. */
enum { PAGE = 1024, WORK = INSTANTS, ATTEMPT, COLUMNS };
struct page { double all, *each; };

struct task_instants {
    size_t n_pages;                      /* of a column */
    struct page *column[COLUMNS];
};

struct task_instants *task_instants_new(size_t n_tasks)
{
    struct task_instants *t = xcalloc(1, sizeof *t);
    t->n_pages = n_tasks / PAGE + 1;
    for (int c = 0; c < COLUMNS; c++) {
        t->column[c] = xcalloc(t->n_pages, sizeof *t->column[c]);
        for (size_t p = 0; c != ATTEMPT && p < t->n_pages; p++)
            t->column[c][p].all = INSTANT_AS_RECORDED;
    }
    return t;
}

void task_instants_free(struct task_instants *t)
{
    if (!t)
        return;
    for (int c = 0; c < COLUMNS; c++) {
        for (size_t p = 0; p < t->n_pages; p++)
            free(t->column[c][p].each);
        free(t->column[c]);
    }
    free(t);
}

static double value_of(const struct task_instants *t, size_t task, int column)
{
    assert(task / PAGE < t->n_pages);
    const struct page *p = &t->column[column][task / PAGE];
    return p->each ? p->each[task % PAGE] : p->all;
}

/* Tasks first .. first + count - 1 of one page. */
static void set_page(struct page *p, size_t first, size_t count, double value)
{
    if (count == PAGE) {
        free(p->each);
        *p = (struct page){ .all = value };
        return;
    }
    if (!p->each && p->all == value)
        return;
    if (!p->each) {
        p->each = xmalloc(PAGE * sizeof *p->each);
        for (size_t i = 0; i < PAGE; i++)
            p->each[i] = p->all;
    }
    for (size_t i = first; i < first + count; i++)
        p->each[i] = value;
}

static void set(struct task_instants *t, size_t first, size_t count, int column, double value)
{
    while (count > 0) {
        size_t at = first % PAGE, n = PAGE - at < count ? PAGE - at : count;
        assert(first / PAGE < t->n_pages);
        set_page(&t->column[column][first / PAGE], at, n, value);
        first += n;
        count -= n;
    }
}

void task_instants_note(struct task_instants *t, size_t first, size_t count, enum instant which,
                        double at_s)
{
    set(t, first, count, (int)which, at_s);
}

double task_instants_at(const struct task_instants *t, size_t task, enum instant which)
{
    return value_of(t, task, (int)which);
}

void task_instants_move(struct task_instants *t, size_t task, double by_s)
{
    for (int i = 0; i < INSTANTS; i++)
        set(t, task, 1, i, value_of(t, task, i) + by_s);
}

void task_instants_note_work(struct task_instants *t, size_t task, double work_s)
{
    set(t, task, 1, WORK, work_s);
}

double task_instants_work(const struct task_instants *t, size_t task)
{
    return value_of(t, task, WORK);
}

void task_instants_note_attempt(struct task_instants *t, size_t first, size_t count,
                                uint32_t attempt)
{
    set(t, first, count, ATTEMPT, attempt);
}

uint32_t task_instants_attempt(const struct task_instants *t, size_t task)
{
    return (uint32_t)value_of(t, task, ATTEMPT);
}

size_t task_instants_bytes(const struct task_instants *t)
{
    size_t bytes = sizeof *t + COLUMNS * t->n_pages * sizeof(struct page);
    for (int c = 0; c < COLUMNS; c++)
        for (size_t p = 0; p < t->n_pages; p++)
            bytes += t->column[c][p].each ? PAGE * sizeof(double) : 0;
    return bytes;
}
