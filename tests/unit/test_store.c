#include "study/store.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/xalloc.h"
#include "tests/support/scratch.h"
#include "tests/support/unit.h"

static const char study[] = "{\"name\": \"it's\", \"workflow\": \"w\", \"platform\": \"p\", "
                            "\"grid\": {\"nodes\": [3, 5], \"tasks.o\\\"dd 'n\": [1, 2],"
                            " \"duration_cv\": [0.1, 2]}}";

struct place {
    char *folder, *path;
    struct grid *grid;
};

static struct place place_new(void)
{
    struct place p = { .folder = scratch_new(),
                       .grid = grid_parse(study, strlen(study), "study", NULL) };
    CU_ASSERT_PTR_NOT_NULL_FATAL(p.grid);
    p.path = str_format("%s/store.sqlite", p.folder);
    return p;
}

static void place_free(struct place *p)
{
    grid_free(p->grid);
    free(p->path);
    scratch_free(p->folder);
}

static struct result *result_at(size_t point)
{
    struct result *r = result_of_error(point, "it is 'too' small");
    if (point % 3 == 2)
        return r;
    free(r->error);
    r->error = NULL;
    r->n = 2 + point;
    r->makespans = xcalloc(r->n, sizeof *r->makespans);
    for (size_t i = 0; i < r->n; i++)
        r->makespans[i] = i == 1 ? NAN : 1.0 / (double)(point + i + 3);
    for (int f = 0; f < FIGURES; f++)
        r->figures[f] = f == FIGURE_UTILISATION_GPUS ? NAN : (double)(point + 1) / (f + 7);
    return r;
}

static void put(struct place *p, struct store *s, size_t point)
{
    struct result *r = result_at(point);
    CU_ASSERT_EQUAL(store_put(s, p->grid, r, r->point == 0 ? "closest" : NULL, NULL), 0);
    result_free(r);
}

static bool same_number(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

static bool same(const struct result *a, const struct result *b)
{
    bool equal = a->point == b->point && a->n == b->n && str_equal(a->error, b->error);
    for (int f = 0; f < FIGURES; f++)
        equal = equal && same_number(a->figures[f], b->figures[f]);
    for (size_t i = 0; equal && i < a->n; i++)
        equal = same_number(a->makespans[i], b->makespans[i]);
    return equal;
}

static void rows_come_back_in_order_whatever_order_they_came_in(void)
{
    static const size_t order[] = { 5, 0, 7, 2, 1 };
    struct place p = place_new();
    struct store *s = store_open(p.path, p.grid, 42, "1.2.3", NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    for (size_t i = 0; i < 5; i++)
        put(&p, s, order[i]);
    store_close(s);
    struct sheet *sheet = store_load(p.path, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(sheet);
    CU_ASSERT_STRING_EQUAL(sheet->name, "it's");
    CU_ASSERT_EQUAL(sheet->n_points, 8);
    CU_ASSERT_EQUAL(sheet->n_axes, p.grid->n_axes);
    CU_ASSERT_EQUAL_FATAL(sheet->n_rows, 5);
    for (size_t row = 0; row < 5; row++) {
        struct result *expected = result_at(sheet->rows[row]->point);
        if (row != 0)
            unit_is(sheet->rows[row]->point, >, sheet->rows[row - 1]->point);
        CU_ASSERT_TRUE(same(sheet->rows[row], expected));
        CU_ASSERT_TRUE(
            str_equal(sheet->profiles[row], sheet->rows[row]->point == 0 ? "closest" : NULL));
        for (size_t i = 0; i < sheet->n_axes; i++) {
            CU_ASSERT_STRING_EQUAL(sheet->axes[i], p.grid->axes[i].name);
            CU_ASSERT_TRUE(setting_value_equal(sheet_value(sheet, row, i),
                                               grid_at(p.grid, sheet->rows[row]->point, i)));
        }
        result_free(expected);
    }
    sheet_free(sheet);
    place_free(&p);
}

static void a_row_put_twice_is_there_once(void)
{
    struct place p = place_new();
    struct store *s = store_open(p.path, p.grid, 42, "1.2.3", NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    put(&p, s, 3);
    put(&p, s, 3);
    store_close(s);
    bool done[8] = { false };
    s = store_open(p.path, p.grid, 42, "1.2.3", NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    CU_ASSERT_EQUAL(store_mark_done(s, done, 8, NULL), 0);
    for (size_t k = 0; k < 8; k++)
        CU_ASSERT_EQUAL(done[k], k == 3);
    store_close(s);
    struct sheet *sheet = store_load(p.path, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(sheet);
    CU_ASSERT_EQUAL(sheet->n_rows, 1);
    sheet_free(sheet);
    place_free(&p);
}

static void refused(const struct place *p, uint64_t hash, const char *version, const char *part)
{
    struct error err = { "" };
    CU_ASSERT_PTR_NULL(store_open(p->path, p->grid, hash, version, &err));
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, part));
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, p->path));
}

static void another_study_or_version_is_refused(void)
{
    struct place p = place_new();
    store_close(store_open(p.path, p.grid, 42, "1.2.3", NULL));
    refused(&p, 43, "1.2.3", "another study");
    refused(&p, 42, "1.2.4", "another version");
    struct store *s = store_open(p.path, p.grid, 42, "1.2.3", NULL);
    CU_ASSERT_PTR_NOT_NULL(s);
    store_close(s);
    place_free(&p);
}

static void other_files_are_left_alone(void)
{
    static const char text[] = "This is no database, but a text that is long enough to be taken "
                               "for the head of one, if nobody looks closely.";
    struct place p = place_new();
    struct error err = { "" };
    size_t size;
    CU_ASSERT_EQUAL_FATAL(file_save(p.path, text, strlen(text), NULL), 0);
    refused(&p, 42, "1.2.3", "not a database");
    CU_ASSERT_PTR_NULL(store_load(p.path, &err));
    char *after = file_load(p.path, 1000, &size, NULL);
    CU_ASSERT_STRING_EQUAL(after, text);
    free(after);
    place_free(&p);
}

static void what_is_not_there_is_not_made_by_looking(void)
{
    struct place p = place_new();
    struct error err = { "" };
    CU_ASSERT_PTR_NULL(store_load(p.path, &err));
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "there is no such store"));
    CU_ASSERT_FALSE(file_exists(p.path));
    CU_ASSERT_EQUAL_FATAL(file_save(p.path, "", 0, NULL), 0);
    CU_ASSERT_PTR_NULL(store_load(p.path, &err));
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "is empty"));
    /* a kill before the first transaction leaves this */
    struct store *s = store_open(p.path, p.grid, 42, "1.2.3", NULL);
    CU_ASSERT_PTR_NOT_NULL(s);
    store_close(s);
    place_free(&p);
}

static void it_may_be_looked_at_while_it_is_written(void)
{
    struct place p = place_new();
    struct store *s = store_open(p.path, p.grid, 42, "1.2.3", NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    for (size_t k = 0; k < 4; k++) {
        put(&p, s, k);
        struct sheet *sheet = store_load(p.path, NULL);
        CU_ASSERT_PTR_NOT_NULL_FATAL(sheet);
        CU_ASSERT_EQUAL(sheet->n_rows, k + 1);
        sheet_free(sheet);
    }
    store_close(s);
    place_free(&p);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(rows_come_back_in_order_whatever_order_they_came_in),
        UNIT_TEST(a_row_put_twice_is_there_once),
        UNIT_TEST(another_study_or_version_is_refused),
        UNIT_TEST(other_files_are_left_alone),
        UNIT_TEST(what_is_not_there_is_not_made_by_looking),
        UNIT_TEST(it_may_be_looked_at_while_it_is_written),
        { NULL, NULL },
    };
    return unit_run("store", tests);
}
