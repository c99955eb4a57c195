#include "scheduling/sequence.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/xalloc.h"

struct node {
    uint32_t left, right;                /* left: next free node while unused */
    uint32_t priority;
    uint32_t set, first, count, attempt; /* `first` is the first task in the order of the sequence */
    bool down;                           /* task numbers go down */
    bool reversed;                       /* the whole subtree, this node included, is still to be turned round */
    size_t length;                       /* tasks in the subtree */
};

struct sequence_arena {
    struct node *nodes;                  /* nodes[0] stands for nothing: length 0 */
    size_t n_nodes, room;
    uint32_t free_node;
    uint64_t random;
};

struct sequence_arena *sequence_arena_new(void)
{
    struct sequence_arena *a = xcalloc(1, sizeof *a);
    sequence_arena_reset(a);
    return a;
}

void sequence_arena_free(struct sequence_arena *a)
{
    if (!a)
        return;
    free(a->nodes);
    free(a);
}

void sequence_arena_reset(struct sequence_arena *a)
{
    xgrow(&a->nodes, &a->room, 1, sizeof *a->nodes);
    a->nodes[0] = (struct node){ .length = 0 };
    a->n_nodes = 1;
    a->free_node = SEQUENCE_EMPTY;
    a->random = UINT64_C(0x9e3779b97f4a7c15);
}

static uint32_t next_priority(struct sequence_arena *a)
{
    a->random = a->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(a->random >> 32);
}

static uint32_t new_node(struct sequence_arena *a, const struct node *content)
{
    uint32_t n = a->free_node;
    if (n != SEQUENCE_EMPTY) {
        a->free_node = a->nodes[n].left;
    } else {
        xgrow(&a->nodes, &a->room, a->n_nodes + 1, sizeof *a->nodes);
        n = (uint32_t)a->n_nodes++;
    }
    a->nodes[n] = *content;
    a->nodes[n].left = a->nodes[n].right = SEQUENCE_EMPTY;
    a->nodes[n].priority = next_priority(a);
    a->nodes[n].reversed = false;
    a->nodes[n].length = content->count;
    return n;
}

static void free_node(struct sequence_arena *a, uint32_t n)
{
    a->nodes[n].left = a->free_node;
    a->free_node = n;
}

static void turn(struct sequence_arena *a, uint32_t n)
{
    struct node *node = &a->nodes[n];
    if (!node->reversed)
        return;
    uint32_t left = node->left;
    node->left = node->right;
    node->right = left;
    node->first += node->down ? -(node->count - 1) : node->count - 1;
    node->down = !node->down;
    node->reversed = false;
    if (node->left)
        a->nodes[node->left].reversed ^= true;
    if (node->right)
        a->nodes[node->right].reversed ^= true;
}

static void measure(struct sequence_arena *a, uint32_t n)
{
    struct node *node = &a->nodes[n];
    node->length = a->nodes[node->left].length + node->count + a->nodes[node->right].length;
}

size_t sequence_length(const struct sequence_arena *a, uint32_t s)
{
    return a->nodes[s].length;
}

uint32_t sequence_reverse(struct sequence_arena *a, uint32_t s)
{
    if (s)
        a->nodes[s].reversed ^= true;
    return s;
}

uint32_t sequence_join(struct sequence_arena *a, uint32_t head, uint32_t tail)
{
    if (!head || !tail)
        return head ? head : tail;
    if (a->nodes[head].priority > a->nodes[tail].priority) {
        turn(a, head);
        uint32_t joined = sequence_join(a, a->nodes[head].right, tail);
        a->nodes[head].right = joined;
        measure(a, head);
        return head;
    }
    turn(a, tail);
    uint32_t joined = sequence_join(a, head, a->nodes[tail].left);
    a->nodes[tail].left = joined;
    measure(a, tail);
    return tail;
}

uint32_t sequence_append(struct sequence_arena *a, uint32_t s, uint32_t set, uint32_t first, uint32_t count, uint32_t attempt)
{
    if (count == 0)
        return s;
    struct node run = { .set = set, .first = first, .count = count, .attempt = attempt };
    return sequence_join(a, s, new_node(a, &run));
}

static uint32_t task_of(const struct node *node, uint32_t i)
{
    return node->down ? node->first - i : node->first + i;
}

struct sequence_task sequence_at(struct sequence_arena *a, uint32_t s, size_t i)
{
    for (;;) {
        assert(i < a->nodes[s].length);
        turn(a, s);
        const struct node *node = &a->nodes[s];
        size_t before = a->nodes[node->left].length;
        if (i < before) {
            s = node->left;
        } else if (i < before + node->count) {
            return (struct sequence_task){ node->set, task_of(node, (uint32_t)(i - before)), node->attempt };
        } else {
            i -= before + node->count;
            s = node->right;
        }
    }
}

/* A run is cut in two: the first n of its tasks stay, with all that lies before them; the rest becomes a run of its own. */
static void cut_run(struct sequence_arena *a, uint32_t at, uint32_t n, uint32_t *head, uint32_t *tail)
{
    struct node rest = a->nodes[at];
    uint32_t right = rest.right;
    rest.first = task_of(&rest, n);
    rest.count -= n;
    uint32_t fresh = new_node(a, &rest);
    a->nodes[at].count = n;
    a->nodes[at].right = SEQUENCE_EMPTY;
    measure(a, at);
    *head = at;
    *tail = sequence_join(a, fresh, right);
}

void sequence_cut(struct sequence_arena *a, uint32_t s, size_t n, uint32_t *head, uint32_t *tail)
{
    if (n == 0 || n >= a->nodes[s].length) {
        *head = n == 0 ? SEQUENCE_EMPTY : s;
        *tail = n == 0 ? s : SEQUENCE_EMPTY;
        return;
    }
    turn(a, s);
    size_t before = a->nodes[a->nodes[s].left].length, here = a->nodes[s].count;
    uint32_t part;
    if (n <= before) {
        sequence_cut(a, a->nodes[s].left, n, head, &part);
        a->nodes[s].left = part;
        measure(a, s);
        *tail = s;
    } else if (n < before + here) {
        cut_run(a, s, (uint32_t)(n - before), head, tail);
    } else {
        sequence_cut(a, a->nodes[s].right, n - before - here, &part, tail);
        a->nodes[s].right = part;
        measure(a, s);
        *head = s;
    }
}

void sequence_drop(struct sequence_arena *a, uint32_t s)
{
    if (!s)
        return;
    sequence_drop(a, a->nodes[s].left);
    sequence_drop(a, a->nodes[s].right);
    free_node(a, s);
}

void sequence_list(struct sequence_arena *a, uint32_t s, struct sequence_task *out)
{
    if (!s)
        return;
    turn(a, s);
    const struct node *node = &a->nodes[s];
    sequence_list(a, node->left, out);
    out += a->nodes[node->left].length;
    for (uint32_t i = 0; i < node->count; i++)
        out[i] = (struct sequence_task){ node->set, task_of(node, i), node->attempt };
    sequence_list(a, node->right, out + node->count);
}

static bool goes_on(const struct node *run, const struct sequence_task *task)
{
    return run->count > 0 && task->set == run->set && task->attempt == run->attempt && task->task == task_of(run, run->count);
}

uint32_t sequence_of(struct sequence_arena *a, const struct sequence_task *tasks, size_t n)
{
    uint32_t s = SEQUENCE_EMPTY;
    struct node run = { .count = 0 };
    for (size_t i = 0; i < n; i++) {
        if (run.count == 1)
            run.down = tasks[i].task + 1 == run.first;
        if (goes_on(&run, &tasks[i])) {
            run.count++;
            continue;
        }
        if (run.count > 0)
            s = sequence_join(a, s, new_node(a, &run));
        run = (struct node){ .set = tasks[i].set, .first = tasks[i].task, .count = 1, .attempt = tasks[i].attempt };
    }
    return run.count > 0 ? sequence_join(a, s, new_node(a, &run)) : s;
}
