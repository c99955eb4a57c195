#include "plots/dag_impl.h"

#include "base/escape.h"

enum { NAME_MOST = 40 };

bool dag_add_decided_tasks(struct str *out, const struct task_set *set)
{
    const struct set_decision *d = set->decided;
    if (!d)
        return false;
    bool drawn = d->count != COUNT_WRITTEN;
    str_addf(out, "%s%u task%s", drawn ? "about " : "", (unsigned)set->n_tasks,
             set->n_tasks == 1 ? "" : "s");
    if (d->conditional)
        str_addf(out, ", %swith probability %g", d->by_task ? "each " : "", d->probability);
    return true;
}

static void begin_frame(struct str *out, const char *kind, size_t i, const char *name)
{
    str_addf(out,
             "  subgraph cluster_%s_%zu { style=\"rounded,dashed\"; color=\"#404040\"; "
             "fontname=\"DejaVu Sans\"; fontsize=11; labeljust=l; label=\"",
             kind, i);
    escape_dot(out, name, NAME_MOST);
}

static void add_times(struct str *out, const struct loop *l)
{
    if (l->at_most == l->at_least)
        str_addf(out, ": %d times", l->at_most);
    else if (l->at_most > 0)
        str_addf(out, ": %d to %d times, about %.3g", l->at_least, l->at_most, loop_expected(l));
    else
        str_addf(out, ": %d or more times, about %.3g", l->at_least, loop_expected(l));
}

/* The frame of a loop holds those of the loops in it. */
static void add_loop(struct str *out, const struct workflow *w, int loop)
{
    const struct loop *l = &w->decisions.loops[loop];
    begin_frame(out, "loop", (size_t)loop, l->name);
    add_times(out, l);
    str_add(out, "\";\n");
    for (int inner = 0; inner < (int)w->decisions.n_loops; inner++)
        if (workflow_loop_around(w, inner) == loop)
            add_loop(out, w, inner);
    for (size_t s = 0; s < w->n_sets; s++)
        if (workflow_loop_of(w, (int)s) == loop)
            str_addf(out, "    s%zu;\n", s);
    str_add(out, "  }\n");
}

static bool begins(const struct workflow *w, const struct loop *l, size_t s)
{
    for (size_t d = 0; d < w->sets[s].n_dependencies; d++)
        if (loop_holds(l, w->sets[w->sets[s].dependencies[d].parent].name))
            return false;
    return true;
}

static bool is_followed(const struct workflow *w, const struct loop *l, size_t s)
{
    for (size_t k = 0; k < w->n_sets; k++)
        for (size_t d = 0; d < w->sets[k].n_dependencies && loop_holds(l, w->sets[k].name); d++)
            if (w->sets[k].dependencies[d].parent == (int)s)
                return true;
    return false;
}

static bool decides(const struct workflow *w, const struct loop *l, size_t s)
{
    if (l->decided_by)
        return str_equal(l->decided_by, w->sets[s].name);
    return loop_holds(l, w->sets[s].name) && !is_followed(w, l, s);
}

static void add_ways_back(struct str *out, const struct workflow *w, const struct loop *l)
{
    for (size_t from = 0; from < w->n_sets; from++)
        for (size_t to = 0; decides(w, l, from) && to < w->n_sets; to++)
            if (loop_holds(l, w->sets[to].name) && begins(w, l, to))
                str_addf(out, "  s%zu -> s%zu [style=dashed, constraint=false, color=\"#0000C0\", "
                         "fontcolor=\"#0000C0\", label=\"again\"];\n", from, to);
}

static void add_campaign(struct str *out, const struct workflow *w, size_t i)
{
    const struct campaign *c = &w->decisions.campaigns[i];
    int candidates = workflow_find_set(w, c->candidates),
        learn = c->learn ? workflow_find_set(w, c->learn) : -1;
    begin_frame(out, "campaign", i, c->name);
    if (c->in_flight > 0)
        str_addf(out, ": %d in flight", c->in_flight);
    else
        str_add(out, ": as many in flight as fit");
    str_addf(out, "\";\n    s%d;\n", candidates);
    if (learn >= 0)
        str_addf(out, "    s%d;\n", learn);
    str_add(out, "  }\n");
    if (learn < 0)
        return;
    str_addf(out, "  s%d -> s%d [style=dashed, label=\"every %d\"];\n", candidates, learn,
             c->every);
    str_addf(out,
             "  s%d -> s%d [style=dashed, constraint=false, color=\"#0000C0\", "
             "fontcolor=\"#0000C0\", label=\"learned\"];\n",
             learn, candidates);
}

static void add_choices(struct str *out, const struct workflow *w, int s)
{
    const struct set_decision *d = w->sets[s].decided;
    int other = d ? workflow_find_related(w, s, d->otherwise) : -1;
    if (other >= 0)
        str_addf(out,
                 "  s%d -> s%d [style=dotted, arrowhead=none, constraint=false, label=\"else\"];\n",
                 s, other);
    for (size_t i = 0; d && i < d->n_cancels; i++)
        str_addf(out,
                 "  s%d -> s%d [style=dashed, arrowhead=tee, constraint=false, color=\"#C06000\", "
                 "fontcolor=\"#C06000\", label=\"cancels\"];\n",
                 s, workflow_find_related(w, s, d->cancels[i]));
}

void dag_add_decisions(struct str *out, const struct workflow *w)
{
    for (int i = 0; i < (int)w->decisions.n_loops; i++)
        if (workflow_loop_around(w, i) < 0)
            add_loop(out, w, i);
    for (size_t i = 0; i < w->decisions.n_loops; i++)
        add_ways_back(out, w, &w->decisions.loops[i]);
    for (size_t i = 0; i < w->decisions.n_campaigns; i++)
        add_campaign(out, w, i);
    for (size_t s = 0; s < w->n_sets; s++)
        add_choices(out, w, (int)s);
}
