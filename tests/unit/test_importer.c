#include "traces/importer.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "tests/support/scratch.h"
#include "tests/support/session_world.h"
#include "tests/support/unit.h"

static void the_surest_importer_loads(void)
{
    char *folder = scratch_new(), *path = str_format("%s/any_name", folder);
    struct world w = session_world_new(session_world_staged);
    struct session_writer writer = { .timeline = w.timeline, .dialect = DIALECT_UNIT, .entk = true,
                                     .cut_s = 1e9 };
    CU_ASSERT_EQUAL_FATAL(session_write(path, &writer, NULL), 0);
    static const char *const names[] = { NULL, "radical_session" };
    for (size_t i = 0; i < 2; i++) {
        struct session *s = importer_load(path, names[i], NULL);
        CU_ASSERT_PTR_NOT_NULL_FATAL(s);
        CU_ASSERT_STRING_EQUAL(s->importer, "radical_session");
        CU_ASSERT_EQUAL(s->workflow->n_tasks, 9);
        session_free(s);
    }
    free(path);
    world_clear(&w);
    scratch_free(folder);
}

static void what_nobody_knows_is_one_sentence(void)
{
    char *folder = scratch_new(), *path = scratch_file(folder, "noise.bin", "\x01\x02\x03", 3);
    struct error err = { "" };
    CU_ASSERT_PTR_NULL(importer_load(path, NULL, &err));
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "noise.bin: "));
    CU_ASSERT_PTR_NULL(importer_load(path, "radical", &err));
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "no importer 'radical'; known: radical_session"));
    CU_ASSERT_PTR_NULL(importer_load("/not/there", NULL, &err));
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "/not/there: "));
    free(path);
    scratch_free(folder);
}

static void importers_have_names_of_their_own(void)
{
    CU_ASSERT_PTR_NOT_NULL_FATAL(importer_at(0));
    for (size_t i = 0; importer_at(i); i++)
        for (size_t j = 0; j < i; j++)
            CU_ASSERT_STRING_NOT_EQUAL(importer_at(i)->name, importer_at(j)->name);
}

int main(void)
{
    static const struct unit_test tests[] = { UNIT_TEST(the_surest_importer_loads),
                                              UNIT_TEST(what_nobody_knows_is_one_sentence),
                                              UNIT_TEST(importers_have_names_of_their_own),
                                              { NULL, NULL } };
    return unit_run("importer", tests);
}
