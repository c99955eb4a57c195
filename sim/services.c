#include "sim/services.h"

#include "base/xalloc.h"

struct service {
    uint32_t set;
    size_t n_clients;
    uint32_t *clients;                   /* sets */
    bool over;
    size_t n, room;
    uint32_t *ways;                      /* that serve, in the order in which they began */
};

struct services {
    size_t n;
    struct service *at;
    int *of_set;                         /* -1: it does not serve */
};

static void list_clients(struct service *s, const struct workflow *w)
{
    s->clients = xcalloc(w->n_sets, sizeof *s->clients);
    for (size_t i = 0; i < w->n_sets; i++)
        if (phases_is_client(w, &w->sets[i], (int)s->set))
            s->clients[s->n_clients++] = (uint32_t)i;
}

struct services *services_new(const struct workflow *w)
{
    if (w->n_services == 0)
        return NULL;
    struct services *s = xcalloc(1, sizeof *s);
    s->at = xcalloc(w->n_services, sizeof *s->at);
    s->of_set = xcalloc(w->n_sets, sizeof *s->of_set);
    for (size_t i = 0; i < w->n_sets; i++) {
        s->of_set[i] = w->sets[i].traits->service.serves ? (int)s->n : -1;
        if (!w->sets[i].traits->service.serves)
            continue;
        s->at[s->n].set = (uint32_t)i;
        list_clients(&s->at[s->n++], w);
    }
    return s;
}

void services_free(struct services *s)
{
    for (size_t i = 0; s && i < s->n; i++) {
        xfree(s->at[i].clients, s->at[i].ways);
    }
    if (!s)
        return;
    xfree(s->at, s->of_set, s);
}

void services_begin(struct services *s)
{
    for (size_t i = 0; i < s->n; i++) {
        s->at[i].over = false;
        s->at[i].n = 0;
    }
}

void services_add(struct services *s, uint32_t set, uint32_t way)
{
    struct service *of = &s->at[s->of_set[set]];
    xgrow(&of->ways, &of->room, of->n + 1, sizeof *of->ways);
    of->ways[of->n++] = way;
}

bool services_drop(struct services *s, uint32_t set, uint32_t way)
{
    struct service *of = &s->at[s->of_set[set]];
    size_t kept = 0;
    for (size_t i = 0; i < of->n; i++)
        if (of->ways[i] != way)
            of->ways[kept++] = of->ways[i];
    bool served = kept < of->n;
    of->n = kept;
    return served;
}

static bool clients_are_over(const struct service *s, const struct readiness *r)
{
    for (size_t i = 0; i < s->n_clients; i++)
        if (!readiness_set_is_over(r, (int)s->clients[i]))
            return false;
    return true;
}

bool services_is_over(struct services *s, const struct readiness *r, uint32_t set)
{
    struct service *of = &s->at[s->of_set[set]];
    return of->over = of->over || clients_are_over(of, r);
}

uint32_t services_idle(struct services *s, const struct readiness *r, uint32_t set, bool any)
{
    if (!any && !readiness_set_is_over(r, (int)set))
        return SERVICES_NONE;
    for (size_t i = 0; i < s->n; i++) {
        const struct service *of = &s->at[i];
        if (services_is_over(s, r, of->set) && of->n > 0)
            return of->ways[0];
    }
    return SERVICES_NONE;
}
