#include "cli/session_doc.h"

#include <math.h>

#include "base/str.h"
#include "validation/ideal_run.h"

static const double agree = 0.02; /* of the recorded makespan */

struct both {
    double simulated_s, recorded_s;
    double io_s;    /* simulated with its files moved; NAN: not asked for, or it cannot be */
    size_t imputed; /* tasks without a known duration */
};

static bool has_dependencies(const struct workflow *w)
{
    for (size_t k = 0; k < w->n_sets; k++)
        if (w->sets[k].n_dependencies)
            return true;
    return w->n_pipelines > 0 || w->n_stages > 0;
}

static void add_shorter(struct str *text, const struct session *s)
{
    str_add(text, "the rest is time in which tasks could have run: that of the middleware "
                  "(deciding, launching, polling)");
    if (s->n_services)
        str_add(text, "; of services that decide what runs next");
    if (s->timeline->n == 0)
        str_add(text,
                "; waits in a queue and between tasks, which the file does not tell apart from it");
    if (s->files)
        str_add(text, "; transfers of files that are not in the runtimes");
    if (!has_dependencies(s->workflow))
        str_add(text, "; dependencies, of which none is recorded");
    else if (s->edges_inferred)
        str_add(text, "; dependencies beyond those that were inferred");
}

static void add_longer(struct str *text, const struct session *s, const struct both *r)
{
    if (session_critical_path_s(s) > r->recorded_s) {
        str_add(text, "the runtimes along its longest path are longer than the makespan, so that "
                      "they overlapped or were counted differently");
        return;
    }
    str_add(text, "the run was faster than its parts allow: ");
    if (s->edges_inferred)
        str_add(text, "an inferred dependency may not hold; ");
    if (r->imputed)
        str_addf(text, "%zu tasks of unknown duration have the mean of their set; ", r->imputed);
    str_add(
        text,
        "more may have been free than the record shows, or tasks were placed in a better order");
}

static void add_sentence(struct str *text, const struct session *s, const struct both *r)
{
    double ratio = r->simulated_s / r->recorded_s;
    str_addf(text,
             "With ideal middleware the simulated makespan is %.4g of the recorded one: ", ratio);
    if (fabs(ratio - 1) <= agree)
        str_addf(text, "waits for room%s and for dependencies explain it",
                 s->alone == ALONE_NEVER ? "" : ", for the launcher (in the run's order)");
    else if (ratio < 1)
        add_shorter(text, s);
    else
        add_longer(text, s, r);
    str_add(text, ".");
}

static void add_figures(struct doc *d, const struct both *r)
{
    doc_open(d, "simulated");
    doc_fact(d, "makespan_s", "simulated", DOC_LONG_SECONDS, doc_number(r->simulated_s));
    if (!isnan(r->io_s))
        doc_fact(d, "io_makespan_s", "simulated, with files", DOC_LONG_SECONDS,
                 doc_number(r->io_s));
    doc_fact(d, "recorded_s", NULL, DOC_SECONDS, doc_number(r->recorded_s));
    doc_fact(d, "ratio", NULL, DOC_EXACT, doc_number(r->simulated_s / r->recorded_s));
    doc_close(d);
}

/* "With its files through one file system of 190.7 MiB/s it is 0.0194 of it." */
static void add_io(struct str *text, const struct session *s, double rate, struct both *r)
{
    struct ideal_run with;
    struct error err = { "" };
    if (ideal_run_io(&with, s, rate, &err)) {
        str_addf(text, " Not simulated with files: %s.", err.text);
        return;
    }
    r->io_s = with.makespan_s;
    str_addf(text, " With its files through one file system of %.4g MiB/s it is %.4g of it.", rate,
             r->io_s / r->recorded_s);
}

void ideal_doc_add(struct doc *d, const struct session *s, double io_rate)
{
    struct both r = { NAN, session_makespan_s(s), NAN, 0 };
    struct ideal_run ideal;
    struct error err = { "" };
    struct str text = { 0 };
    if (!(r.recorded_s > 0))
        return;
    if (ideal_run(&ideal, s, &err) == 0) {
        r.simulated_s = ideal.makespan_s;
        r.imputed = ideal.imputed;
        add_sentence(&text, s, &r);
        if (io_rate > 0)
            add_io(&text, s, io_rate, &r);
    } else {
        str_addf(&text, "Not simulated: %s.", err.text);
    }
    add_figures(d, &r);
    doc_say_str(d, DOC_NOTE, "simulated_note", &text);
}
