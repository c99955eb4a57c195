#include "plots/dag.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/escape.h"
#include "base/file.h"
#include "base/xalloc.h"
#include "core/longest_path.h"
#include "core/task_deps.h"
#include "plots/dag_impl.h"
#include "plots/gnuplot.h"
#include "plots/sheet.h"
#include "plots/style.h"

/* --- the critical path ------------------------------------------------------------------------ */

int *dag_critical_path(const struct workflow *w, double *length_s)
{
    struct longest_path path;
    int *before = xcalloc(w->n_sets, sizeof *before);
    longest_path_of_sets(&path, w, 0);
    *length_s = path.length_s;
    for (size_t s = 0; s < w->n_sets; s++)
        before[s] = DAG_NOT_CRITICAL;
    for (int last = path.last; last >= 0; last = path.from[last])
        before[last] = path.from[last];
    longest_path_clear(&path);
    return before;
}

/* --- the graph -------------------------------------------------------------------------------- */

static void add_text(struct str *out, const char *text)
{
    char *shown = str_shortened(text, DAG_NAME_MOST);
    escape_dot(out, shown, DAG_NAME_MOST);
    free(shown);
}

void dag_add_look(struct str *out, size_t fill, bool critical)
{
    static const bool dark[STYLE_COLOURS] = { true, false, true, false, false, true, false, true };
    str_addf(out, "fillcolor=\"%s\", fontcolor=\"%s\", penwidth=%s, color=\"%s\"",
             style_colour(fill),
             dark[fill % STYLE_COLOURS] && fill != STYLE_LABELS - 1 ? "#FFFFFF" : "#000000",
             critical ? "4" : "0.8", critical ? "#C00000" : "#404040");
}

static void add_set(struct str *out, const struct workflow *w, size_t s, size_t fill, bool critical)
{
    const struct task_set *set = &w->sets[s];
    str_addf(out, "  s%zu [label=\"", s);
    add_text(out, set->name);
    str_add(out, "\\n");
    if (!dag_add_decided_tasks(out, set))
        str_addf(out, "%u task%s", (unsigned)set->n_tasks, set->n_tasks == 1 ? "" : "s");
    str_add(out, " of ");
    demand_add_words(out, &set->traits->demand);
    str_addf(out, "\\n%.4g s\", ", dist_mean(set->duration));
    dag_add_look(out, fill, critical);
    str_add(out, "];\n");
}

static void add_dependency(struct str *out, const struct dependency *d, size_t s, bool critical)
{
    str_addf(out, "  s%d -> s%zu [label=\"%s\", style=%s, penwidth=%s, color=\"%s\"];\n", d->parent,
             s, dependency_kind_words(d->kind), dependency_is_by_task(d) ? "dashed" : "solid",
             critical ? "3" : "1", critical ? "#C00000" : "#404040");
}

static void add_all(struct str *out, const struct workflow *w, const struct style_labels *labels,
                    const int *before)
{
    for (size_t s = 0; s < w->n_sets; s++)
        add_set(out, w, s, labels->of_set[s], before[s] != DAG_NOT_CRITICAL);
    for (size_t s = 0; s < w->n_sets; s++)
        for (size_t d = 0; d < w->sets[s].n_dependencies; d++)
            add_dependency(out, &w->sets[s].dependencies[d], s,
                           before[s] == w->sets[s].dependencies[d].parent);
    dag_add_decisions(out, w);
}

void dag_add_dot(struct str *out, const struct workflow *w, const char *title)
{
    struct style_labels labels = style_labels_of(w);
    struct dag_fold fold;
    bool folds = dag_fold_make(&fold, w);
    double length_s;
    int *before = dag_critical_path(w, &length_s);
    str_add(out, "digraph workflow {\n  graph [pad=0.2, labelloc=t, labeljust=l, fontname=\"DejaVu "
                 "Sans\", fontsize=16, bgcolor=\"#FFFFFF\", label=\"");
    add_text(out, title);
    str_addf(out, "\\l%u tasks; red: critical path by expected durations, %.6g s\\l",
             (unsigned)w->n_tasks, length_s);
    if (folds)
        str_addf(out, "%zu task sets, folded by label%s\\l", w->n_sets,
                 workflow_decides(w) ? ", without what is decided at run time" : "");
    str_add(out, "\"];\n");
    str_add(out, "  node [shape=box, style=\"filled,rounded\", fontname=\"DejaVu Sans\", "
                 "fontsize=11, margin=\"0.12,0.08\"];\n"
                 "  edge [fontname=\"DejaVu Sans\", fontsize=9, arrowsize=0.7];\n");
    if (folds)
        dag_fold_add_dot(out, w, &fold, &labels, before);
    else
        add_all(out, w, &labels, before);
    str_add(out, "}\n");
    dag_fold_clear(&fold);
    free(before);
    style_labels_clear(&labels);
}

/* --- the picture ------------------------------------------------------------------------------ */

static int run_dot(const char *script, const char *path, FILE *picture, struct error *err)
{
    static char name[] = "dot", svg[] = "-Tsvg", png[] = "-Tpng", pdf[] = "-Tpdf",
                resolution[] = "-Gdpi=144";
    bool raster = str_ends(path, ".png");
    char *const arguments[] = { name, raster ? png : str_ends(path, ".svg") ? svg : pdf,
                                raster ? resolution : NULL, NULL };
    FILE *input = program_input(script);

    if (!input)
        return error_set(err, "no temporary file can be written");
    int status = program_run(&(struct program){ arguments, "graphviz" }, input, picture, err);

    fclose(input);
    return status;
}

size_t dag_nodes(const struct workflow *w)
{
    struct dag_fold fold;
    size_t n = dag_fold_make(&fold, w) ? fold.n : w->n_sets;
    dag_fold_clear(&fold);
    return n;
}

int plot_dag(const struct workflow *w, const char *title, const char *path, struct error *err)
{
    struct str script = { 0 };
    struct file_writer picture;
    if (!gnuplot_knows(path))
        return error_set(err, "%s: a picture's name must end in .svg, .png or .pdf", path);
    size_t nodes = dag_nodes(w);
    if (nodes > DAG_NODES_MOST)
        return error_set(err,
                         "%s: %zu task sets of as many labels are too many to draw; at most %d",
                         path, nodes, DAG_NODES_MOST);
    if (file_writer_open(&picture, path, err))
        return -1;
    dag_add_dot(&script, w, title);
    int status = run_dot(script.text, path, picture.stream, err);

    str_clear(&script);
    if (status) {
        file_writer_abandon(&picture);
        return error_prefix(err, "%s: ", path);
    }
    return file_writer_commit(&picture, err);
}
