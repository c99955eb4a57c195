#include "traces/gunzip.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/str.h"
#include "tests/support/pack.h"
#include "tests/support/scratch.h"
#include "tests/support/unit.h"

/* All that gunzip gives; false where it ends in a failure, *taken false where it leaves the file to
 * libarchive. */
static bool by_gunzip(const char *path, struct str *out, bool *taken)
{
    struct gunzip *g = gunzip_open(path);
    const void *block;
    ptrdiff_t n = -1;
    *taken = g != NULL;
    while (g && (n = gunzip_read(g, &block)) > 0)
        str_add_n(out, block, (size_t)n);
    gunzip_close(g);
    return n == 0;
}

/* The second method: libarchive's own filter. */
static bool by_libarchive(const char *path, struct str *out)
{
    struct archive *a = archive_read_new();
    struct archive_entry *entry;
    const void *block;
    size_t size;
    int64_t offset;
    int status = ARCHIVE_FATAL;
    archive_read_support_filter_gzip(a);
    archive_read_support_format_raw(a);
    if (archive_read_open_filename(a, path, 1 << 16) == ARCHIVE_OK &&
        archive_read_next_header(a, &entry) == ARCHIVE_OK)
        while ((status = archive_read_data_block(a, &block, &size, &offset)) == ARCHIVE_OK)
            str_add_n(out, block, size);
    archive_read_free(a);
    return status == ARCHIVE_EOF;
}

/* A tar of some blocks of gunzip's, of lines as profiles have them, packed. */
static char *packed(const char *folder, size_t *size)
{
    char *path = str_format("%s/packed.tgz", folder);
    struct pack *p = pack_new(path);
    struct str lines = { 0 };
    for (int i = 0; i < 4000; i++)
        str_addf(&lines, "%d.%07d,schedule_ok,agent_scheduling.0000,MainThread,task.%06d,,\n",
                 1600000000 + i / 7, i * 7919 % 9999991, i * 31 % 4001);
    pack_file(p, "s/a.prof", lines.text, lines.length);
    pack_free(p);
    char *bytes = file_load(path, 1 << 24, size, NULL);
    str_clear(&lines);
    free(path);
    return bytes;
}

/* Both read the file alike: the same bytes, and the same of its end. */
static void compare(const char *folder, const char *bytes, size_t size)
{
    char *path = scratch_file(folder, "compared.tgz", bytes, size);
    struct str ours = { 0 }, theirs = { 0 };
    bool taken, good = by_gunzip(path, &ours, &taken), expected = by_libarchive(path, &theirs);
    if (taken) {
        CU_ASSERT_EQUAL(good, expected);
        CU_ASSERT_EQUAL(ours.length, theirs.length);
        CU_ASSERT(ours.length != theirs.length || !ours.length ||
                  !memcmp(ours.text, theirs.text, ours.length));
    }
    str_clear(&ours);
    str_clear(&theirs);
    free(path);
}

static void a_whole_file_and_one_cut_anywhere_are_what_libarchive_makes_of_them(void)
{
    char *folder = scratch_new();
    size_t size;
    char *bytes = packed(folder, &size);
    unit_is(size, >, 20000);
    compare(folder, bytes, size);
    for (size_t cut = 1; cut < size; cut += cut < 40 || cut + 40 > size ? 1 : 997)
        compare(folder, bytes, cut);
    free(bytes);
    scratch_free(folder);
}

static void members_follow_one_another_and_what_is_none_ends_them(void)
{
    char *folder = scratch_new();
    size_t size;
    char *bytes = packed(folder, &size);
    struct str two = { 0 };
    str_add_n(&two, bytes, size);
    str_add_n(&two, bytes, size);
    compare(folder, two.text, two.length);
    compare(folder, two.text, two.length - 3);           /* within the second's checksum */
    str_add(&two, "and what somebody appended");
    compare(folder, two.text, two.length);
    two.text[size - 6] ^= 1;                             /* the first's checksum */
    compare(folder, two.text, two.length);
    str_clear(&two);
    free(bytes);
    scratch_free(folder);
}

enum { HEADER_CRC = 2, EXTRA = 4, NAME = 8, COMMENT = 16, PLAIN_HEADER = 10, LONG = 70000 };

/* The packed file behind a header with these fields, the name longer than any block. */
static void with_header(struct str *out, int flags, const char *bytes, size_t size)
{
    const char header[PLAIN_HEADER] = { 0x1f, (char)0x8b, 8, (char)flags, 1, 2, 3, 4, 0, 3 };
    str_add_n(out, header, sizeof header);
    if (flags & EXTRA)
        str_add_n(out, "\x05\x00" "abcde", 7);
    for (int i = 0; flags & NAME && i < LONG; i++)
        str_add(out, "n");
    if (flags & NAME)
        str_add_n(out, "", 1);
    if (flags & COMMENT)
        str_add_n(out, "why", 4);
    if (flags & HEADER_CRC)
        str_add_n(out, "??", 2);                         /* is not what it should be */
    str_add_n(out, bytes + PLAIN_HEADER, size - PLAIN_HEADER);
}

static void fields_of_a_header_are_passed_over(void)
{
    char *folder = scratch_new();
    size_t size;
    char *bytes = packed(folder, &size);
    unit_must_be(bytes[3], ==, 0);
    for (int flags = 0; flags < 32; flags += 2) {
        struct str file = { 0 };
        with_header(&file, flags, bytes, size);
        compare(folder, file.text, file.length);
        for (size_t cut = 11; cut < file.length; cut += cut < 60 ? 1 : 4999)
            compare(folder, file.text, cut);
        with_header(&file, flags, bytes, size);          /* a second member */
        compare(folder, file.text, file.length);
        str_clear(&file);
    }
    free(bytes);
    scratch_free(folder);
}

static void damage_gives_less_and_never_more(void)
{
    char *folder = scratch_new();
    size_t size;
    char *bytes = packed(folder, &size);
    struct str whole = { 0 };
    bool taken;
    free(scratch_file(folder, "whole.tgz", bytes, size));
    for (size_t at = 10; at < size; at += 211) {
        bytes[at] = (char)(bytes[at] ^ 0x55);
        char *path = scratch_file(folder, "damaged.tgz", bytes, size);
        by_gunzip(path, &whole, &taken);
        unit_is(whole.length, <, 1000 * size); /* deflate's largest ratio is 1032 */
        str_clear(&whole);
        free(path);
        bytes[at] = (char)(bytes[at] ^ 0x55);
    }
    free(bytes);
    scratch_free(folder);
}

static void what_gzip_did_not_pack_is_not_taken(void)
{
    static const char *const texts[] = { "", "\x1f", "\x1f\x8b\x08", "PK\x03\x04 a zip",
                                         "\x1f\x8b\x07 another method",
                                         "\x1f\x8b\x08\xe0 flags that are reserved" };
    char *folder = scratch_new();
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        char *path = scratch_file(folder, "other", texts[i], strlen(texts[i]));
        CU_ASSERT_PTR_NULL(gunzip_open(path));
        free(path);
    }
    CU_ASSERT_PTR_NULL(gunzip_open("/nowhere/at/all"));
    gunzip_close(NULL);
    scratch_free(folder);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(a_whole_file_and_one_cut_anywhere_are_what_libarchive_makes_of_them),
        UNIT_TEST(members_follow_one_another_and_what_is_none_ends_them),
        UNIT_TEST(fields_of_a_header_are_passed_over), UNIT_TEST(damage_gives_less_and_never_more),
        UNIT_TEST(what_gzip_did_not_pack_is_not_taken), { NULL, NULL },
    };
    return unit_run("gunzip", tests);
}
