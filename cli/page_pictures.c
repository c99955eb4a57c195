#include "cli/picture_data.h"

#include "plots/gantt_data.h"

static const char comparison_caption[] = "Tasks on nodes, what they keep busy, and how many run",
                  stations_caption[] = "Where tasks wait, and how long";

static void write_gantt(const void *what, struct str *out)
{
    gantt_data_add(out, what);
}

static struct picture last_of(const struct picture *p)
{
    return (struct picture){ .panels = p->panels + p->n_panels - 1, .n_panels = 1 };
}

static void write_last_gantt(const void *what, struct str *out)
{
    const struct picture last = last_of(what);
    gantt_data_add(out, &last);
}

static int draw_comparison(const void *what, const char *path, struct error *err)
{
    return plot_comparison(what, path, err);
}

static int draw_stations(const void *what, const char *path, struct error *err)
{
    return plot_stations(what, path, err);
}

static int draw_utilisation(const void *what, const char *path, struct error *err)
{
    return plot_utilisation(what, path, err);
}

/* What writes as much as a browser holds: all panels, or the last; NULL: neither. */
static doc_write_fn *writer_of(const struct picture *p)
{
    const struct picture last = last_of(p);
    return gantt_data_records(p) <= GANTT_DATA_MOST       ? write_gantt
           : gantt_data_records(&last) <= GANTT_DATA_MOST ? write_last_gantt
                                                          : NULL;
}

void page_add_gantt(struct doc *d, const struct picture *p)
{
    if (gantt_data_records(p) <= GANTT_DATA_MOST)
        doc_gantt(d, write_gantt, p);
}

void page_add_comparison(struct doc *d, const char *caption, const struct picture *p)
{
    doc_picture(d, caption ? caption : comparison_caption, draw_comparison, p);
}

void page_add_utilisation(struct doc *d, const struct picture *p)
{
    doc_picture(d, "Cores and GPUs in use, by task set", draw_utilisation, p);
}

void page_add_timelines(struct doc *d, const struct picture *p)
{
    doc_write_fn *write = writer_of(p);
    doc_section(d, "Task by task");
    if (write == write_last_gantt)
        doc_say(d, DOC_PLAIN, NULL,
                "There are too many tasks for a chart of all modes; this one shows the last. The "
                "pictures below show all.");
    if (write)
        doc_gantt(d, write, p);
    else
        doc_say(d, DOC_PLAIN, NULL,
                "There are too many tasks for a chart to zoom into; 'dagcast plot gantt' draws "
                "them merged, and --chrome-trace writes them for Perfetto.");
    page_add_comparison(d, NULL, p);
    doc_picture(d, stations_caption, draw_stations, p);
}

size_t page_drawings(const struct picture *p, struct doc_drawing out[static PAGE_DRAWINGS])
{
    size_t n = 0;
    doc_write_fn *write = writer_of(p);
    if (write)
        out[n++] = (struct doc_drawing){ DOC_GANTT_CAPTION, .write = write, .what = p };
    out[n++] = (struct doc_drawing){ comparison_caption, .draw = draw_comparison, .what = p };
    out[n++] = (struct doc_drawing){ stations_caption, .draw = draw_stations, .what = p };
    return n;
}
