#include "plots/picture_impl.h"

#include <math.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "num/stats.h"
#include "plots/stack.h"

enum { QUEUE_HEIGHT = 150, BOX_ROW = 20, STATIONS = 5 };

/* Waits that a timeline tells apart: the client's from the submission on, and with the agent's. */
static const enum wait stations[STATIONS] = { WAIT_CLIENT, WAIT_QUEUE, WAIT_LAUNCH, WAIT_FREE,
                                              WAIT_NOTIFY };
static const char *const meanings[STATIONS] = {
    "client and agent: submitted",
    "queue: wait for slots",
    "launch: have slots",
    "free: stopped, slots not usable yet",
    "notify: the client does not know yet",
};

static double entered(const struct timeline *t, size_t record, size_t station)
{
    bool client = stations[station] == WAIT_CLIENT;
    return timeline_at(t, record, client ? INSTANT_SUBMITTED : wait_from(stations[station]));
}

static double left(const struct timeline *t, size_t record, size_t station)
{
    return timeline_at(t, record,
                       wait_to(stations[station] == WAIT_CLIENT ? WAIT_AGENT : stations[station]));
}

/* Seconds that each record spent in the station, where both times are known; in *n how many. free()
 * it. */
static double *times_in(const struct timeline *t, size_t station, size_t *n)
{
    double *spent = xcalloc(t->n + 1, sizeof *spent);
    *n = 0;
    for (size_t i = 0; i < t->n; i++) {
        double x = left(t, i, station) - entered(t, i, station);
        if (!isnan(x))
            spent[(*n)++] = x;
    }
    return spent;
}

static bool any_known(const struct timeline *t)
{
    bool known = false;
    for (size_t s = 0; s < STATIONS && !known; s++) {
        size_t n;
        free(times_in(t, s, &n));
        known = n > 0;
    }
    return known;
}

/* How many tasks each station holds, averaged over each pixel. */
static struct bins bins_of(const struct page *p, const struct timeline *t)
{
    double first_s = timeline_first_start(t);
    struct bins b = bins_new(first_s, first_s + p->span_s, (size_t)page_width(p), STATIONS);
    for (size_t s = 0; s < STATIONS; s++)
        for (size_t i = 0; i < t->n; i++) {
            double from_s = entered(t, i, s), to_s = left(t, i, s);
            if (!isnan(from_s) && !isnan(to_s))
                bins_add(&b, s, from_s, to_s, 1);
        }
    bins_finish(&b);
    return b;
}

static double fullest(const struct page *p)
{
    double most = 1;
    for (size_t k = 0; k < p->picture->n_panels; k++) {
        struct bins b = bins_of(p, p->picture->panels[k].timeline);
        for (size_t i = 0; i < b.n; i++) {
            double sum = 0;
            for (size_t s = 0; s < STATIONS; s++)
                sum += bins_at(&b, s, i);
            most = fmax(most, sum);
        }
        bins_clear(&b);
    }
    return 1.05 * most;
}

/* --- the time in each ------------------------------------------------------------------------- */

enum { BOX_FROM, BOX_LOW, BOX_MIDDLE, BOX_HIGH, BOX_TO, BOX_MEAN, BOX_VALUES };

/* The 5, 25, 50, 75 and 95 % quantiles and the mean. false: nothing is known. */
static bool box_of(const struct timeline *t, size_t station, double *box)
{
    size_t n;
    double *spent = times_in(t, station, &n);
    if (n > 0) {
        static const double at[] = { [BOX_FROM] = 0.05, [BOX_LOW] = 0.25, [BOX_MIDDLE] = 0.5,
                                     [BOX_HIGH] = 0.75, [BOX_TO] = 0.95 };
        for (size_t i = BOX_FROM; i <= BOX_TO; i++)
            box[i] = stats_quantile(spent, n, at[i]);
        box[BOX_MEAN] = stats_summarise(spent, n).mean;
    }
    free(spent);
    return n > 0;
}

/* A row of one panel: a box for each station, from the top. */
static void box_row(struct page *p, const struct picture_panel *panel)
{
    char *title = str_format("%s%stime of a task in each station (bars: 25 to 75 %% of the tasks; "
                             "lines: 5 to 95 %%; stroke: median; dot: mean)",
                             panel->name ? panel->name : "", panel->name ? ": " : "");
    struct str *row = sheet_row(&p->sheet, BOX_ROW * STATIONS, title, "time [s]");
    double largest = 0;
    str_add(row, "$box << END\n");
    for (size_t s = 0; s < STATIONS; s++) {
        double box[BOX_VALUES];
        if (!box_of(panel->timeline, s, box))
            continue;
        largest = fmax(largest, box[BOX_TO]);
        str_addf(row, "%zu", s);
        for (size_t i = 0; i < BOX_VALUES; i++)
            str_addf(row, " %.7g", box[i]);
        str_addf(row, " \"mean %.3g s\"\n", box[BOX_MEAN]);
    }
    str_addf(row, "END\nset xrange [0:%.9g]\nset yrange [%d.5:-0.5]\nset ytics scale 0 (",
             largest > 0 ? 1.12 * largest : 1, STATIONS - 1);
    for (size_t s = 0; s < STATIONS; s++)
        str_addf(row, "%s'%s' %zu", s ? ", " : "", wait_key(stations[s]), s);
    str_add(row, ")\nplot ");
    for (size_t s = 0; s < STATIONS; s++) {
        str_addf(row,
                 "$box using (($3+$5)/2):($1==%zu?$1:NaN):3:5:($1-0.3):($1+0.3) with boxxyerror ",
                 s);
        style_add_fill(row, s);
        str_add(row, ", \\\n     ");
    }
    str_add(
        row,
        "$box using 4:1:2:6 with xerrorbars pointtype 0 linecolor rgb '#303030' linewidth 1.2, \\\n"
        "     $box using 4:($1-0.3):(0):(0.6) with vectors nohead linecolor rgb '#000000' "
        "linewidth 2, \\\n"
        "     $box using 7:1 with points pointtype 7 pointsize 0.5 linecolor rgb '#000000', \\\n"
        "     $box using 6:1:8 with labels left offset 1,0 font FONT(10)\n"
        "set ytics auto scale 0.6\n");
    str_addf(row, "set xrange [0:%.9g]\n", p->span_s / p->unit_s * 1.01);
    free(title);
}

int plot_stations(const struct picture *picture, const char *path, struct error *err)
{
    struct page p;
    for (size_t i = 0; i < picture->n_panels; i++)
        if (!any_known(picture->panels[i].timeline))
            return error_set(
                err,
                "the stations cannot be drawn: the timeline has no times but starts and stops");
    if (page_begin_named(&p, picture, "Stations", meanings, STATIONS, err))
        return -1;
    double most = fullest(&p);

    for (size_t i = 0; i < picture->n_panels; i++) {
        char *title = page_panel_title(&picture->panels[i], "tasks in each station");
        struct bins b = bins_of(&p, picture->panels[i].timeline);
        stacked_row(&p, picture->panels[i].timeline, &b, "tasks that wait", most,
                    (struct row_look){ QUEUE_HEIGHT, title, i + 1 == picture->n_panels });
        free(title);
    }
    for (size_t i = 0; i < picture->n_panels; i++)
        box_row(&p, &picture->panels[i]);
    return page_draw(&p, path, err);
}
