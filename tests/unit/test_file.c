#include "base/file.h"

#include <dirent.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/str.h"
#include "tests/support/unit.h"

static char folder[] = "/tmp/dagcast-test-file-XXXXXX";

static char *in_folder(const char *name)
{
    return str_format("%s/%s", folder, name);
}

static size_t files_in(const char *path)
{
    size_t n = 0;
    DIR *dir = opendir(path);
    for (struct dirent *e; dir && (e = readdir(dir)); )
        n += e->d_name[0] != '.';
    if (dir)
        closedir(dir);
    return n;
}

static void what_is_saved_loads(void)
{
    char *path = in_folder("saved"), bytes[70000];
    struct error err;
    struct stat st;
    size_t size;
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)(i * 7);
    CU_ASSERT_EQUAL(file_save(path, "old", 3, &err), 0);
    CU_ASSERT_EQUAL(file_save(path, bytes, sizeof bytes, &err), 0);
    char *loaded = file_load(path, SIZE_MAX, &size, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(loaded);
    unit_must_be(size, ==, sizeof bytes);
    unit_is(memcmp(loaded, bytes, size), ==, 0);
    unit_is(loaded[size], ==, '\0');
    CU_ASSERT_EQUAL(files_in(folder), 1);
    unit_is(stat(path, &st), ==, 0);
    CU_ASSERT(st.st_mode & 0400);
    free(loaded);
    unlink(path);
    free(path);
}

static void loading_fails_with_a_sentence(void)
{
    char *path = in_folder("five");
    struct error err;
    size_t size;
    CU_ASSERT_PTR_NULL(file_load("/nowhere/at/all", 10, &size, &err));
    CU_ASSERT_STRING_EQUAL(err.text, "/nowhere/at/all: cannot open: No such file or directory");
    CU_ASSERT_PTR_NULL(file_load(folder, 10, &size, &err));
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, ": cannot read: Is a directory"));
    file_save(path, "12345", 5, &err);
    CU_ASSERT_PTR_NULL(file_load(path, 4, &size, &err));
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, ": is larger than the 4 bytes allowed"));
    char *bytes = file_load(path, 5, &size, &err);
    unit_is(size, ==, 5);
    CU_ASSERT_STRING_EQUAL(bytes, "12345");
    free(bytes);
    unlink(path);
    free(path);
}

static void abandoned_files_leave_the_old_one(void)
{
    char *path = in_folder("kept");
    struct file_writer w;
    struct error err;
    size_t size;
    file_save(path, "old", 3, &err);
    CU_ASSERT_EQUAL_FATAL(file_writer_open(&w, path, &err), 0);
    fputs("new", w.stream);
    CU_ASSERT_EQUAL(files_in(folder), 2);
    file_writer_abandon(&w);
    file_writer_abandon(&w);
    CU_ASSERT_EQUAL(files_in(folder), 1);
    char *bytes = file_load(path, 100, &size, &err);
    CU_ASSERT_STRING_EQUAL(bytes, "old");
    free(bytes);
    unlink(path);
    free(path);
}

/* A program that ends at once removes what its writers have open, and nothing else. */
static void open_temporaries_are_removed_together(void)
{
    char *kept = in_folder("kept"), *other = in_folder("other"), *alike = in_folder("kept.1-0.tmp");
    struct file_writer a, b;
    struct error err;
    if (!file_exists("/proc/self/fd")) {
        unit_skip("no /proc");
        return;
    }
    file_save(kept, "old", 3, &err);
    file_save(alike, "of another process", 18, &err);
    CU_ASSERT_EQUAL_FATAL(file_writer_open(&a, kept, &err), 0);
    CU_ASSERT_EQUAL_FATAL(file_writer_open(&b, other, &err), 0);
    CU_ASSERT_EQUAL(files_in(folder), 4);
    FILE *reading = fopen(alike, "rb");
    file_abandon_open();
    CU_ASSERT_EQUAL(files_in(folder), 2);
    CU_ASSERT(file_exists(kept));
    CU_ASSERT(file_exists(alike));
    fclose(reading);
    file_writer_abandon(&a);
    file_writer_abandon(&b);
    unlink(kept);
    unlink(alike);
    free(kept);
    free(other);
    free(alike);
}

static void a_full_disk_is_reported(void)
{
    struct file_writer w;
    struct error err;
    if (!file_exists("/dev/full")) {
        unit_skip("no /dev/full");
        return;
    }
    CU_ASSERT_EQUAL_FATAL(file_writer_open(&w, "/dev/full", &err), 0);
    fputs("text", w.stream);
    CU_ASSERT_EQUAL(file_writer_commit(&w, &err), -1);
    CU_ASSERT_STRING_EQUAL(err.text, "/dev/full: cannot write: No space left on device");
    CU_ASSERT(file_exists("/dev/full"));
    CU_ASSERT_PTR_NULL(w.path);
}

/* A limit of the size of files stands for a disk with 4096 bytes left. */
static void room_is_what_can_be_written(void)
{
    struct rlimit before, small;
    struct error err;
    size_t n = files_in(folder);
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before);
    small = (struct rlimit){ .rlim_cur = 4096, .rlim_max = before.rlim_max };
    setrlimit(RLIMIT_FSIZE, &small);
    CU_ASSERT_EQUAL(file_check_room(folder, 4096, &err), 0);
    CU_ASSERT_EQUAL(file_check_room(folder, 4097, &err), -1);
    setrlimit(RLIMIT_FSIZE, &before);
    signal(SIGXFSZ, handler);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "cannot write: File too large"));
    CU_ASSERT_EQUAL(files_in(folder), n);
    CU_ASSERT_EQUAL(file_check_room("/nowhere/at/all", 1, &err), -1);
    CU_ASSERT_STRING_EQUAL(err.text, "/nowhere/at/all: cannot write: No such file or directory");
}

static void writing_where_no_folder_is_fails(void)
{
    struct file_writer w;
    struct error err;
    CU_ASSERT_EQUAL(file_writer_open(&w, "/nowhere/at/all", &err), -1);
    CU_ASSERT_STRING_EQUAL(err.text, "/nowhere/at/all: cannot write: No such file or directory");
    CU_ASSERT_EQUAL(file_save("/nowhere/at/all", "x", 1, NULL), -1);
}

static void folders_are_made_on_the_way(void)
{
    char *deep = in_folder("a/b//c/"), *file = in_folder("file"), *below = in_folder("file/x");
    struct error err;
    CU_ASSERT_EQUAL(file_make_dirs(deep, &err), 0);
    CU_ASSERT_EQUAL(file_make_dirs(deep, &err), 0);
    CU_ASSERT(file_exists(deep));
    file_save(file, "x", 1, &err);
    CU_ASSERT_EQUAL(file_make_dirs(below, &err), -1);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "file: cannot make the directory"));
    unlink(file);
    for (const char *const *part = (const char *const[]){ "a/b/c", "a/b", "a", NULL }; *part;
         part++) {
        char *path = in_folder(*part);
        CU_ASSERT_EQUAL(rmdir(path), 0);
        free(path);
    }
    free(deep);
    free(file);
    free(below);
}

static void data_is_found_in_the_first_folder_that_has_it(void)
{
    const char *const dirs[] = { "/nowhere", folder, "/", NULL };
    char *path = in_folder("data"), *found;
    struct error err;
    CU_ASSERT_PTR_NULL(file_find_data(dirs, "data-that-is-not-there"));
    file_save(path, "x", 1, &err);
    found = file_find_data(dirs, "data");
    CU_ASSERT_STRING_EQUAL(found, path);
    free(found);
    unlink(path);
    free(path);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(what_is_saved_loads),
        UNIT_TEST(loading_fails_with_a_sentence),
        UNIT_TEST(abandoned_files_leave_the_old_one),
        UNIT_TEST(open_temporaries_are_removed_together),
        UNIT_TEST(a_full_disk_is_reported),
        UNIT_TEST(room_is_what_can_be_written),
        UNIT_TEST(writing_where_no_folder_is_fails),
        UNIT_TEST(folders_are_made_on_the_way),
        UNIT_TEST(data_is_found_in_the_first_folder_that_has_it),
        { NULL, NULL },
    };
    if (!mkdtemp(folder))
        return 1;
    int status = unit_run("file", tests);
    rmdir(folder);
    return status;
}
