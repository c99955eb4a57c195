#include "sim/flow.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/sort.h"
#include "base/xalloc.h"
#include "sim/flow_heap.h"

/* Many members: users and classes of one shared rate, each a growing array, and its clock. */
struct flow {
    double rate, now_s;
    size_t at_once, n_served;
    struct flow_class *classes;
    uint32_t *by_cap;                    /* classes, ascending */
    size_t n_classes, class_room, order_room;
    struct flow_user *users;
    size_t n_users, user_room;
    uint32_t unused, first, last;        /* free list; the queue */
    uint64_t joined;
    double next_s;
    uint32_t next_class;
};

struct flow *flow_new(double rate, size_t at_once)
{
    struct flow *f = xcalloc(1, sizeof *f);
    flow_reset(f, rate, at_once);
    return f;
}

void flow_free(struct flow *f)
{
    for (size_t k = 0; f && k < f->n_classes; k++)
        free(f->classes[k].heap);
    if (!f)
        return;
    xfree(f->classes, f->by_cap, f->users, f);
}

void flow_reset(struct flow *f, double rate, size_t at_once)
{
    for (size_t k = 0; k < f->n_classes; k++) {
        f->classes[k].n = 0;
        f->classes[k].served = 0;
    }
    f->rate = rate;
    f->at_once = at_once;
    f->now_s = 0;
    f->n_served = f->n_users = 0;
    f->unused = f->first = f->last = FLOW_NONE;
    f->joined = 0;
    f->next_s = INFINITY;
}

/* fmin() and fmax() of numbers, which the compiler may inline. */
static double least(double a, double b)
{
    return a < b ? a : b;
}

static double at_least_0(double x)
{
    return x > 0 ? x : 0;
}

/* ---- rates ---- */

/* The classes' virtual times move on to now_s. */
static void advance(struct flow *f, double now_s)
{
    double step_s = now_s - f->now_s;
    assert(step_s >= 0);
    if (step_s == 0)
        return;
    for (size_t k = 0; k < f->n_classes; k++) {
        struct flow_class *c = &f->classes[k];
        c->served += c->n > 0 ? c->rate * step_s : 0;
    }
    f->now_s = now_s;
}

/* Water filling: classes whose cap is below an equal share get their cap, the others what is
 * left. */
static void fill(struct flow *f)
{
    double left = f->rate, level = INFINITY;
    size_t n = f->n_served;
    f->next_s = INFINITY;
    for (size_t i = 0; i < f->n_classes && n > 0; i++) {
        uint32_t k = f->by_cap[i];
        struct flow_class *c = &f->classes[k];
        if (c->n == 0)
            continue;
        if (level == INFINITY && c->cap > left / (double)n)
            level = left / (double)n;
        c->rate = least(c->cap, level);
        if (level == INFINITY && c->rate < INFINITY) {
            left = at_least_0(left - (double)c->n * c->rate);
            n -= c->n;
        }
        double todo = f->users[c->heap[0]].end - c->served,
               end_s = todo > 0 ? f->now_s + todo / c->rate : f->now_s;  /* rate 0: never */
        if (end_s < f->next_s) {
            f->next_s = end_s;
            f->next_class = k;
        }
    }
}

static uint32_t class_of(struct flow *f, double cap)
{
    size_t lower;
    SORT_COUNT_IF(lower, f->n_classes, i, f->classes[f->by_cap[i]].cap < cap);
    if (lower < f->n_classes && f->classes[f->by_cap[lower]].cap == cap)
        return f->by_cap[lower];
    xgrow(&f->classes, &f->class_room, f->n_classes + 1, sizeof *f->classes);
    xgrow(&f->by_cap, &f->order_room, f->n_classes + 1, sizeof *f->by_cap);
    for (size_t i = f->n_classes; i > lower; i--)
        f->by_cap[i] = f->by_cap[i - 1];
    f->by_cap[lower] = (uint32_t)f->n_classes;
    f->classes[f->n_classes] = (struct flow_class){ .cap = cap };
    return (uint32_t)f->n_classes++;
}

/* ---- users ---- */

static uint32_t new_user(struct flow *f)
{
    uint32_t user = f->unused;
    if (user != FLOW_NONE) {
        f->unused = f->users[user].after;
        return user;
    }
    xgrow(&f->users, &f->user_room, f->n_users + 1, sizeof *f->users);
    return (uint32_t)f->n_users++;
}

static void forget(struct flow *f, uint32_t user)
{
    f->users[user].after = f->unused;
    f->unused = user;
}

static void serve(struct flow *f, uint32_t user)
{
    struct flow_user *u = &f->users[user];
    struct flow_class *c = &f->classes[u->cap_class];
    if (c->n == 0)
        c->served = 0;                   /* small numbers stay exact */
    u->end += c->served;
    flow_heap_add(f->users, c, user);
    f->n_served++;
}

static void wait_in_line(struct flow *f, uint32_t user)
{
    struct flow_user *u = &f->users[user];
    u->place = u->after = FLOW_NONE;
    u->before = f->last;
    *(f->last == FLOW_NONE ? &f->first : &f->users[f->last].after) = user;
    f->last = user;
}

static void leave_line(struct flow *f, uint32_t user)
{
    const struct flow_user *u = &f->users[user];
    *(u->before == FLOW_NONE ? &f->first : &f->users[u->before].after) = u->after;
    *(u->after == FLOW_NONE ? &f->last : &f->users[u->after].before) = u->before;
}

static void admit(struct flow *f)
{
    while (f->first != FLOW_NONE && (f->at_once == 0 || f->n_served < f->at_once)) {
        uint32_t user = f->first;
        leave_line(f, user);
        serve(f, user);
    }
    fill(f);
}

static void stop_serving(struct flow *f, uint32_t user)
{
    flow_heap_remove(f->users, &f->classes[f->users[user].cap_class], user);
    f->n_served--;
    forget(f, user);
}

void flow_set_rate(struct flow *f, double now_s, double rate, size_t at_once)
{
    advance(f, now_s);
    f->rate = rate;
    f->at_once = at_once;
    admit(f);
}

uint32_t flow_join(struct flow *f, double now_s, double amount, double cap, uint32_t subject)
{
    assert(amount >= 0 && cap > 0);
    advance(f, now_s);
    uint32_t k = class_of(f, cap), user = new_user(f);
    f->users[user] = (struct flow_user){
        .end = amount, .number = f->joined++, .subject = subject, .cap_class = k };
    wait_in_line(f, user);
    admit(f);
    return user;
}

double flow_leave(struct flow *f, double now_s, uint32_t user)
{
    struct flow_user *u = &f->users[user];
    double left = u->end;
    advance(f, now_s);
    if (u->place == FLOW_NONE) {
        leave_line(f, user);
        forget(f, user);
        return left;
    }
    left = at_least_0(left - f->classes[u->cap_class].served);
    stop_serving(f, user);
    admit(f);
    return left;
}

double flow_next_s(const struct flow *f)
{
    return f->next_s;
}

bool flow_pop(struct flow *f, double now_s, uint32_t *subject)
{
    if (f->next_s == INFINITY || f->next_s > now_s)
        return false;
    struct flow_class *c = &f->classes[f->next_class];
    uint32_t user = c->heap[0];
    advance(f, now_s);
    /* rounding may leave a rest that takes no time */
    if (c->served < f->users[user].end)
        c->served = f->users[user].end;
    *subject = f->users[user].subject;
    stop_serving(f, user);
    admit(f);
    return true;
}
