#include "tests/oracle/plain_flow.h"

#include <math.h>
#include <stdlib.h>

struct state {
    struct plain_user *users;
    size_t n;
    double *left, *rate; /* of each user; left NAN: not yet there, 0: gone */
    bool *here;
};

/* The level L with sum min(cap, L) = rate, by dealing out what is left until nobody is at the cap.
 */
static void fill(struct state *s, double rate)
{
    size_t open = 0;
    for (size_t i = 0; i < s->n; i++) {
        s->rate[i] = -1;
        open += s->here[i];
    }
    for (bool again = true; again && open > 0;) {
        double share = rate / (double)open;
        again = false;
        for (size_t i = 0; i < s->n; i++)
            if (s->here[i] && s->rate[i] < 0 && s->users[i].cap < share) {
                s->rate[i] = s->users[i].cap;
                rate -= s->rate[i];
                open--;
                again = true;
                break;
            }
    }
    for (size_t i = 0; i < s->n; i++)
        if (s->here[i] && s->rate[i] < 0)
            s->rate[i] = rate / (double)open;
}

static double next_change(const struct state *s, double now_s, double server_s)
{
    double next_s = server_s;
    for (size_t i = 0; i < s->n; i++) {
        const struct plain_user *u = &s->users[i];
        if (isnan(s->left[i]))
            next_s = fmin(next_s, u->from_s);
        if (s->here[i]) {
            next_s = fmin(next_s, s->rate[i] > 0 ? now_s + s->left[i] / s->rate[i] : INFINITY);
            next_s = fmin(next_s, u->leaves_s); /* passes over NAN */
        }
    }
    return next_s;
}

static void pass(struct state *s, double now_s, double next_s)
{
    for (size_t i = 0; i < s->n; i++) {
        struct plain_user *u = &s->users[i];
        if (s->here[i]) {
            s->left[i] -= s->rate[i] * (next_s - now_s);
            bool ends = s->rate[i] > 0 && s->left[i] <= 1e-9 * u->amount;
            if (ends || u->leaves_s <= next_s) {
                u->ends_s = next_s;
                s->here[i] = false;
            }
        } else if (isnan(s->left[i]) && u->from_s <= next_s) {
            s->left[i] = u->amount;
            s->here[i] = true;
        }
    }
}

void plain_flow(struct plain_user *users, size_t n, double rate,
                const struct plain_servers *servers, size_t n_servers)
{
    struct state s = { users, n, calloc(n + 1, sizeof(double)), calloc(n + 1, sizeof(double)),
                       calloc(n + 1, sizeof(bool)) };
    double now_s = 0;
    size_t next_server = 0;
    int serving = n_servers == 0;
    for (size_t i = 0; i < n; i++)
        s.left[i] = users[i].ends_s = NAN;
    for (;;) {
        fill(&s, serving * rate);
        double next_s =
            next_change(&s, now_s, next_server < n_servers ? servers[next_server].at_s : INFINITY);
        if (isinf(next_s))
            break;
        pass(&s, now_s, next_s);
        while (next_server < n_servers && servers[next_server].at_s <= next_s)
            serving += servers[next_server++].more;
        now_s = next_s;
    }
    free(s.left);
    free(s.rate);
    free(s.here);
}
