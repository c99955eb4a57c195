#include "traces/packed_file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <archive.h>
#include <archive_entry.h>

#include "base/file.h"
#include "base/str.h"
#include "tests/support/scratch.h"
#include "tests/support/unit.h"

static char *folder;
static const char *const endings[] = { ".gz", ".bz2", ".xz", ".zst" };
enum { KINDS = sizeof endings / sizeof *endings };

/* A table of 40,000 rows: several of gunzip's blocks. */
static struct str table(void)
{
    struct str text = { 0 };
    str_add(&text, "id,name,start,end\n");
    for (int i = 0; i < 40000; i++)
        str_addf(&text, "%d,sim,%d,%d.%03d\n", i, i * 7919 % 1000, 1000 + i, i * 31 % 997);
    return text;
}

/* Packs bytes as a file t.csv<ending>; returns its path. */
static char *pack(const char *bytes, size_t size, const char *ending)
{
    char *path = str_format("%s/t.csv%s", folder, ending);
    struct archive *a = archive_write_new();
    struct archive_entry *entry = archive_entry_new();
    archive_write_set_format_raw(a);
    archive_write_add_filter_by_name(a, str_equal(ending, ".gz")    ? "gzip"
                                        : str_equal(ending, ".bz2") ? "bzip2"
                                        : str_equal(ending, ".xz")  ? "xz"
                                                                    : "zstd");
    CU_ASSERT_EQUAL_FATAL(archive_write_open_filename(a, path), ARCHIVE_OK);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_write_header(a, entry);
    CU_ASSERT_EQUAL(archive_write_data(a, bytes, size), (la_ssize_t)size);
    archive_entry_free(entry);
    archive_write_free(a);
    return path;
}

static void what_was_packed_comes_out(void)
{
    struct str text = table();
    for (size_t k = 0; k < KINDS; k++) {
        struct error err = { "" };
        size_t size = 0;
        uint64_t bytes;
        char head[64], *path = pack(text.text, text.length, endings[k]),
                       *out = packed_file_load(path, &size, &err);
        CU_ASSERT_STRING_EQUAL(err.text, "");
        CU_ASSERT_PTR_NOT_NULL_FATAL(out);
        CU_ASSERT_EQUAL(size, text.length);
        CU_ASSERT_STRING_EQUAL(out, text.text);
        CU_ASSERT_EQUAL(packed_file_head(path, head, sizeof head), sizeof head);
        CU_ASSERT_EQUAL(memcmp(head, text.text, sizeof head), 0);
        CU_ASSERT_PTR_NULL(packed_file_damage(path, &bytes));
        free(out);
        free(path);
    }
    str_clear(&text);
}

static void other_files_are_read_as_they_are(void)
{
    struct error err = { "" };
    size_t size;
    uint64_t bytes;
    char *path = scratch_file(folder, "plain.gz", "BZ and more", 11),
         *out = packed_file_load(path, &size, &err);
    CU_ASSERT_FALSE(packed_file_is_packed(path));
    CU_ASSERT_PTR_NOT_NULL_FATAL(out);
    CU_ASSERT_STRING_EQUAL(out, "BZ and more");
    CU_ASSERT_PTR_NULL(packed_file_damage(path, &bytes));
    free(out);
    free(path);
    CU_ASSERT_PTR_NULL(packed_file_load("/nonexistent.gz", &size, &err));
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "/nonexistent.gz: cannot open"));
}

/* Cut off anywhere: a beginning of the text, no byte of it wrong, and it is said. */
static void what_precedes_a_cut_is_read(void)
{
    struct str text = table();
    char *path = pack(text.text, text.length, ".gz");
    size_t size;
    char *packed = file_load(path, 1 << 24, &size, NULL);
    for (size_t cut = size - 1; cut > 40; cut -= cut / 3) {
        size_t n = 0;
        uint64_t bytes = 0;
        char *cut_path = scratch_file(folder, "cut.gz", packed, cut),
             *out = packed_file_load(cut_path, &n, NULL);
        const char *damage = packed_file_damage(cut_path, &bytes);
        CU_ASSERT_PTR_NOT_NULL(damage);
        CU_ASSERT_EQUAL(bytes, n);
        unit_is(n, <=, text.length);
        CU_ASSERT(!out || !memcmp(out, text.text, n));
        CU_ASSERT(cut < size / 2 || n > text.length / 3);
        free(out);
        free(cut_path);
    }
    free(packed);
    free(path);
    str_clear(&text);
}

static void a_wrong_checksum_is_said(void)
{
    struct error err = { "" };
    char *path = pack("a,b\n1,2\n", 8, ".gz"), *packed, *out;
    size_t size, n;
    uint64_t bytes;
    packed = file_load(path, 1 << 20, &size, NULL);
    packed[size - 6] ^= 1;
    char *wrong = scratch_file(folder, "wrong.gz", packed, size);
    out = packed_file_load(wrong, &n, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(out);
    CU_ASSERT_STRING_EQUAL(out, "a,b\n1,2\n");
    const char *damage = packed_file_damage(wrong, &bytes);
    CU_ASSERT_PTR_NOT_NULL(damage);
    unit_has(damage, "checksum");
    free(out);
    free(wrong);
    free(packed);
    free(path);
}

/* 330 MiB of zeros from 330 kB. */
static void a_bomb_is_refused(void)
{
    enum { PIECE = 1 << 20, PIECES = 330 };
    struct error err = { "" };
    size_t size;
    char *path = str_format("%s/bomb.gz", folder);
    char *command = str_format("head -c %d /dev/zero | gzip >%s", PIECES * PIECE, path);
    CU_ASSERT_EQUAL_FATAL(system(command), 0);
    CU_ASSERT_PTR_NULL(packed_file_load(path, &size, &err));
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "unpacks to more than"));
    free(command);
    free(path);
}

static void the_ending_is_not_the_name(void)
{
    CU_ASSERT_EQUAL(packed_file_name_length("log.swf.gz"), 7);
    CU_ASSERT_EQUAL(packed_file_name_length("log.swf.zst"), 7);
    CU_ASSERT_EQUAL(packed_file_name_length("log.swf"), 7);
    CU_ASSERT_EQUAL(packed_file_name_length(".gz"), 3);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(what_was_packed_comes_out),
        UNIT_TEST(other_files_are_read_as_they_are),
        UNIT_TEST(what_precedes_a_cut_is_read),
        UNIT_TEST(a_wrong_checksum_is_said),
        UNIT_TEST(a_bomb_is_refused),
        UNIT_TEST(the_ending_is_not_the_name),
        { NULL, NULL },
    };
    folder = scratch_new();
    int status = unit_run("packed_file", tests);
    scratch_free(folder);
    return status;
}
