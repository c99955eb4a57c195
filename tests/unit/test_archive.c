#include "traces/archive.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/str.h"
#include "tests/support/pack.h"
#include "tests/support/scratch.h"
#include "tests/support/unit.h"

/* Everything that comes by, as "name=bytes;". */
static bool note_begin(void *context, const char *name)
{
    if (str_ends(name, ".skip"))
        return false;
    str_addf(context, "%s=", name);
    return true;
}

static void note_data(void *context, const char *bytes, size_t size)
{
    str_add_n(context, bytes, size);
}

static void note_end(void *context)
{
    str_add(context, ";");
}

static int walk(const char *path, const struct archive_limits *limits,
                struct archive_counts *counts, struct str *seen, struct error *err)
{
    struct archive_visitor v = { note_begin, note_data, note_end, seen };
    return archive_walk(path, &v, limits, counts, err);
}

static char *at(const char *folder, const char *name)
{
    return str_format("%s/%s", folder, name);
}

static void every_compression_gives_the_same_files(void)
{
    static const char *const names[] = { "a.tar", "a.tgz", "a.tar.gz", "a.tar.bz2", "a.tar.zst",
                                         "a.tar.xz", "a.zip" };
    char *folder = scratch_new();
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char *path = at(folder, names[i]);
        struct pack *p = pack_new(path);
        pack_file(p, "s/one.prof", "1,2\n", 4);
        pack_file(p, "s/big.skip", "not looked at", 13);
        pack_file(p, "s/two.json", "{}", 2);
        pack_free(p);
        struct str seen = { 0 };
        struct archive_counts c;
        CU_ASSERT_EQUAL(walk(path, NULL, &c, &seen, NULL), 0);
        CU_ASSERT_STRING_EQUAL(seen.text, "s/one.prof=1,2\n;s/two.json={};");
        unit_is(c.files, ==, 3);
        unit_is(c.bytes, ==, 6);
        unit_is(c.broken, ==, 0);
        str_clear(&seen);
        free(path);
    }
    scratch_free(folder);
}

/* An archive with one file, packed as `name` into the next, `depth` times. */
static char *nest(const char *folder, int depth)
{
    char *path = NULL;
    for (int i = 0; i <= depth; i++) {
        char *outer = str_format("%s/level%d.tgz", folder, i);
        struct pack *p = pack_new(outer);
        if (i == 0) {
            pack_file(p, "deep.prof", "x", 1);
        } else {
            size_t size;
            char *bytes = file_load(path, 1 << 20, &size, NULL);
            pack_file(p, "inner.tgz", bytes, size);
            free(bytes);
        }
        pack_free(p);
        free(path);
        path = outer;
    }
    return path;
}

static void archives_in_archives_are_read_to_a_depth(void)
{
    for (int depth = 0; depth <= ARCHIVE_MAX_DEPTH + 2; depth++) {
        char *folder = scratch_new(), *path = nest(folder, depth);
        struct str seen = { 0 };
        struct archive_counts c;
        CU_ASSERT_EQUAL(walk(path, NULL, &c, &seen, NULL), 0);
        bool reached = depth <= ARCHIVE_MAX_DEPTH;
        CU_ASSERT_EQUAL(c.files, reached ? 1 : 0);
        CU_ASSERT_EQUAL(c.too_deep, reached ? 0 : 1);
        CU_ASSERT_EQUAL(c.archives, (size_t)(reached ? depth : ARCHIVE_MAX_DEPTH));
        str_clear(&seen);
        free(path);
        scratch_free(folder);
    }
}

static void names_that_climb_and_links_are_counted_not_followed(void)
{
    char *folder = scratch_new(), *path = at(folder, "evil.tgz");
    struct pack *p = pack_new(path);
    pack_file(p, "../up.prof", "a", 1);
    pack_file(p, "s/../../up.prof", "b", 1);
    pack_file(p, "/etc/passwd.prof", "c", 1);
    pack_link(p, "s/link.prof", "/etc/passwd");
    pack_file(p, "s/..good.prof", "d", 1);
    pack_free(p);
    struct str seen = { 0 };
    struct archive_counts c;
    CU_ASSERT_EQUAL(walk(path, NULL, &c, &seen, NULL), 0);
    CU_ASSERT_STRING_EQUAL(seen.text, "s/..good.prof=d;");
    unit_is(c.unsafe_names, ==, 3);
    unit_is(c.links, ==, 1);
    unit_is(c.files, ==, 1);
    str_clear(&seen);
    free(path);
    scratch_free(folder);
}

static void what_unpacks_to_too_much_is_refused(void)
{
    static const struct archive_limits small = {
        .free_bytes = 1 << 20, .max_ratio = 200, .max_bytes = (uint64_t)1 << 30, .max_files = 100
    };
    char *folder = scratch_new(), *path = at(folder, "bomb.tgz");
    struct error err = { "" };
    struct str seen = { 0 };
    struct archive_counts c;
    /* gzip makes zeros a thousandth: beyond 200 : 1 */
    struct pack *p = pack_new(path);
    pack_zeros(p, "zeros.skip", (size_t)64 << 20);
    pack_free(p);
    CU_ASSERT_EQUAL(walk(path, &small, &c, &seen, &err), -1);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "unpacks to more than"));
    /* 64 MiB are nothing by the default limits */
    CU_ASSERT_EQUAL(walk(path, NULL, &c, &seen, NULL), 0);
    p = pack_new(path);
    for (int i = 0; i < 101; i++)
        pack_file(p, "same.skip", "", 0);
    pack_free(p);
    CU_ASSERT_EQUAL(walk(path, &small, &c, &seen, &err), -1);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "more than 100 files"));
    str_clear(&seen);
    free(path);
    scratch_free(folder);
}

static void an_archive_cut_off_gives_what_stands_before(void)
{
    char *folder = scratch_new(), *path = at(folder, "whole.tar"), noise[5000];
    struct str seen = { 0 };
    struct archive_counts c;
    size_t size;
    memset(noise, 'n', sizeof noise);
    struct pack *p = pack_new(path);
    pack_file(p, "first.prof", "1", 1);
    pack_file(p, "second.prof", noise, sizeof noise);
    pack_free(p);
    char *bytes = file_load(path, 1 << 20, &size, NULL);
    char *cut = scratch_file(folder, "cut.tar", bytes, 3000);
    CU_ASSERT_EQUAL(walk(cut, NULL, &c, &seen, NULL), 0);
    CU_ASSERT(str_starts(seen.text, "first.prof=1;second.prof=nnn"));
    CU_ASSERT_EQUAL(c.broken, 1);
    str_clear(&seen);
    free(cut);
    free(bytes);
    free(path);
    scratch_free(folder);
}

static void folders_are_walked_in_order_with_archives_inside(void)
{
    char *folder = scratch_new(), *inside = at(folder, "b.tgz"), *link = at(folder, "z.prof");
    struct pack *p = pack_new(inside);
    pack_file(p, "in.prof", "2", 1);
    pack_free(p);
    free(scratch_file(folder, "c/deep/x.prof", "3", 1));
    free(scratch_file(folder, "a.prof", "1", 1));
    CU_ASSERT_EQUAL(symlink("/etc/passwd", link), 0);
    struct str seen = { 0 };
    struct archive_counts c;
    CU_ASSERT_EQUAL(walk(folder, NULL, &c, &seen, NULL), 0);
    CU_ASSERT_STRING_EQUAL(seen.text, "a.prof=1;b.tgz/in.prof=2;c/deep/x.prof=3;");
    unit_is(c.links, ==, 1);
    unit_is(c.archives, ==, 1);
    unit_is(c.files, ==, 3);
    str_clear(&seen);
    free(inside);
    free(link);
    scratch_free(folder);
}

static void what_is_no_archive_is_one_sentence(void)
{
    char *folder = scratch_new(),
         *path = scratch_file(folder, "a.tgz", "this is no archive at all", 25);
    struct error err = { "" };
    struct str seen = { 0 };
    struct archive_counts c;
    CU_ASSERT_EQUAL(walk(path, NULL, &c, &seen, &err), -1);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "expected an archive"));
    CU_ASSERT_EQUAL(walk("/nowhere/at/all", NULL, &c, &seen, &err), -1);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "/nowhere/at/all: "));
    CU_ASSERT_EQUAL(walk("/dev/null", NULL, &c, &seen, &err), -1);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "neither a folder nor a file"));
    str_clear(&seen);
    free(path);
    scratch_free(folder);
}

/* Bytes tell, not names: under a wrong name, without one, inside another archive, in a folder. */
static void an_archive_is_known_by_its_bytes(void)
{
    static const char *const kinds[] = { "a.tar", "a.tgz", "a.tar.bz2", "a.tar.zst", "a.tar.xz",
                                         "a.zip" };
    static const char *const names[] = { "session.bz2", "session.tar.bz2", "session", "session.tgz",
                                         "session.zip" };
    enum { NAMES = sizeof names / sizeof *names };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds * NAMES; i++) {
        char *folder = scratch_new(), *path = at(folder, kinds[i / NAMES]),
             *name = str_format("f/%s", names[i % NAMES]);
        struct pack *p = pack_new(path);
        pack_file(p, "s/one.prof", "1,2\n", 4);
        pack_free(p);
        size_t size;
        char *bytes = file_load(path, 1 << 20, &size, NULL),
             *other = scratch_file(folder, name, bytes, size);
        char *inner = at(folder, "f"), *want = str_format("%s/s/one.prof=1,2\n;", names[i % NAMES]);
        struct str seen = { 0 };
        struct archive_counts c;
        CU_ASSERT(archive_bytes_are_archive(bytes, size));
        CU_ASSERT_EQUAL(walk(other, NULL, &c, &seen, NULL), 0);
        CU_ASSERT_STRING_EQUAL(seen.text, "s/one.prof=1,2\n;");
        str_clear(&seen);
        CU_ASSERT_EQUAL(walk(inner, NULL, &c, &seen, NULL), 0);
        CU_ASSERT_STRING_EQUAL(seen.text, want);
        str_clear(&seen);
        char *outer = at(folder, "outer.tar");
        p = pack_new(outer);
        pack_file(p, names[i % NAMES], bytes, size);
        pack_free(p);
        CU_ASSERT_EQUAL(walk(outer, NULL, &c, &seen, NULL), 0);
        CU_ASSERT_STRING_EQUAL(seen.text, want);
        CU_ASSERT_EQUAL(c.broken, 0);
        str_clear(&seen);
        free(outer);
        free(want);
        free(inner);
        free(other);
        free(bytes);
        free(name);
        free(path);
        scratch_free(folder);
    }
    CU_ASSERT_FALSE(archive_bytes_are_archive("#time,event,comp,thread,uid,state,msg\n", 38));
    CU_ASSERT_FALSE(archive_bytes_are_archive("", 0));
}

/* "log\n", packed by gzip without a tar around it. */
static const char log_gz[] = {
    (char)0x1f, (char)0x8b, (char)0x08, (char)0x00, (char)0x00, (char)0x00, (char)0x00, (char)0x00,
    (char)0x00, (char)0x03, (char)0xcb, (char)0xc9, (char)0x4f, (char)0xe7, (char)0x02, (char)0x00,
    (char)0xc4, (char)0x0f, (char)0x56, (char)0xd9, (char)0x04, (char)0x00, (char)0x00, (char)0x00,
};

/* A file that gzip packed alone is that file, in folders and archives; its damage is said. */
static void a_packed_file_is_the_file(void)
{
    char *folder = scratch_new(), *path = at(folder, "b.tgz");
    struct str seen = { 0 };
    struct archive_counts c;
    struct pack *p = pack_new(path);
    pack_file(p, "d/x.prof.gz", log_gz, sizeof log_gz);
    pack_free(p);
    free(scratch_file(folder, "a.prof.gz", log_gz, sizeof log_gz));
    CU_ASSERT_EQUAL(walk(folder, NULL, &c, &seen, NULL), 0);
    CU_ASSERT_STRING_EQUAL(seen.text, "a.prof=log\n;b.tgz/d/x.prof=log\n;");
    unit_is(c.broken, ==, 0);
    unit_is(c.files, ==, 2);
    str_clear(&seen);
    free(scratch_file(folder, "c.prof.gz", log_gz, sizeof log_gz - 3));
    CU_ASSERT_EQUAL(walk(folder, NULL, &c, &seen, NULL), 0);
    unit_is(c.broken, ==, 1);
    unit_has(c.damage, "c.prof.gz");
    str_clear(&seen);
    free(path);
    scratch_free(folder);
}

/* Of a .tgz all was read, up to the checksum; of a .tar.xz what follows the tar was not. */
static void a_gzip_is_checked_to_its_end(void)
{
    static const struct { const char *name; bool checked; } cases[] = {
        { "a.tgz", true }, { "a.tar.xz", false }, { "a.tar", false },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *folder = scratch_new(), *path = at(folder, cases[i].name);
        struct pack *p = pack_new(path);
        struct str seen = { 0 };
        struct archive_counts c;
        pack_file(p, "one.prof", "1,2\n", 4);
        pack_free(p);
        CU_ASSERT_EQUAL_FATAL(walk(path, NULL, &c, &seen, NULL), 0);
        CU_ASSERT_EQUAL(c.checked, cases[i].checked);
        str_clear(&seen);
        CU_ASSERT_EQUAL_FATAL(walk(folder, NULL, &c, &seen, NULL), 0);
        CU_ASSERT_FALSE(c.checked); /* a folder holds other files, too */
        str_clear(&seen);
        free(path);
        scratch_free(folder);
    }
}

/* A flipped bit near the end, and the last bytes gone: said, with what was read; inside another
 * archive too. */
static void damage_is_said_in_words(void)
{
    static const struct { const char *name; bool flip;
    } cases[] = {
        { "a.tgz", true },      { "a.tgz", false },   { "a.tar.bz2", true },
        { "a.tar.bz2", false }, { "a.tar.xz", true }, { "a.tar.zst", false },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *folder = scratch_new(), *path = at(folder, cases[i].name);
        struct pack *p = pack_new(path);
        pack_file(p, "one.prof", "1,2\n", 4);
        pack_free(p);
        size_t size, cut = cases[i].flip ? 0 : 5;
        char *bytes = file_load(path, 1 << 20, &size, NULL);
        bytes[cases[i].flip ? size - 7 : 0] ^= cases[i].flip ? 1 : 0;
        char *damaged = scratch_file(folder, "damaged", bytes, size - cut),
             *outer = at(folder, "outer.tar");
        struct str seen = { 0 };
        struct archive_counts c;
        struct error err = { "" };
        bool refused = walk(damaged, NULL, &c, &seen, &err) != 0;
        CU_ASSERT_EQUAL(c.broken, 1);
        unit_is(c.damage[0], !=, '\0');
        if (refused)
            unit_has(err.text, c.damage);
        if (str_equal(cases[i].name, "a.tgz") && cases[i].flip) {
            CU_ASSERT_PTR_NOT_NULL(strstr(c.damage, "wrong checksum"));
            CU_ASSERT_EQUAL(c.files_before_damage, 1);
            CU_ASSERT_EQUAL(c.bytes_before_damage, 4);
        }
        str_clear(&seen);
        p = pack_new(outer);
        pack_file(p, "inner", bytes, size - cut);
        pack_free(p);
        CU_ASSERT_EQUAL(walk(outer, NULL, &c, &seen, NULL), 0);
        unit_is(c.broken, ==, 1);
        CU_ASSERT(str_starts(c.damage, "inner: "));
        str_clear(&seen);
        free(outer);
        free(damaged);
        free(bytes);
        free(path);
        scratch_free(folder);
    }
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(every_compression_gives_the_same_files),
        UNIT_TEST(archives_in_archives_are_read_to_a_depth),
        UNIT_TEST(names_that_climb_and_links_are_counted_not_followed),
        UNIT_TEST(what_unpacks_to_too_much_is_refused),
        UNIT_TEST(an_archive_cut_off_gives_what_stands_before),
        UNIT_TEST(folders_are_walked_in_order_with_archives_inside),
        UNIT_TEST(what_is_no_archive_is_one_sentence),
        UNIT_TEST(an_archive_is_known_by_its_bytes),
        UNIT_TEST(a_packed_file_is_the_file),
        UNIT_TEST(a_gzip_is_checked_to_its_end),
        UNIT_TEST(damage_is_said_in_words),
        { NULL, NULL },
    };
    return unit_run("archive", tests);
}
