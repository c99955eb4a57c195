#include "base/xalloc.h"

#include <malloc.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/unit.h"

static void copies_are_copies(void)
{
    const char text[] = "summit";
    char *whole = xstrdup(text), *part = xstrndup(text, 3), *all = xstrndup(text, 300);
    char *bytes = xmemdup(text, sizeof text);
    CU_ASSERT_PTR_NOT_EQUAL(whole, text);
    CU_ASSERT_STRING_EQUAL(whole, "summit");
    CU_ASSERT_STRING_EQUAL(part, "sum");
    CU_ASSERT_STRING_EQUAL(all, "summit");
    CU_ASSERT_EQUAL(memcmp(bytes, text, sizeof text), 0);
    free(whole);
    free(part);
    free(all);
    free(bytes);
}

static void xcalloc_zeroes(void)
{
    unsigned char *bytes = xcalloc(37, 3);
    for (size_t i = 0; i < 111; i++)
        CU_ASSERT_EQUAL(bytes[i], 0);
    free(bytes);
}

static void empty_blocks_are_blocks(void)
{
    void *blocks[] = { xmalloc(0), xcalloc(0, 8), xrealloc(NULL, 0, 8), xmemdup("", 0) };
    for (size_t i = 0; i < 4; i++) {
        CU_ASSERT_PTR_NOT_NULL(blocks[i]);
        free(blocks[i]);
    }
}

/* Blocks of this size are mapped on their own, and counted. */
static void one_call_frees_all(void)
{
    size_t before = mallinfo2().hblks;
    char *first = xmalloc(1 << 20), *none = NULL;
    double *last = xcalloc(1 << 17, sizeof *last);
    xfree(first, none, last);
    CU_ASSERT_EQUAL(mallinfo2().hblks, before);
}

static void grow_step_by_step(void (*grow)(void *array, size_t *room, size_t need, size_t size),
                              size_t line)
{
    double *v = NULL;
    size_t room = 0, moves = 0;
    for (size_t n = 0; n < 100000; n++) {
        size_t before = room;
        grow(&v, &room, n + 1, sizeof *v);
        unit_must_be(room, >=, n + 1);
        unit_must_be((uintptr_t)v % line, ==, 0);
        moves += room != before;
        v[n] = (double)n * 0.5;
    }
    unit_is(moves, <=, 17); /* log2(100000) = 16.6 */
    for (size_t n = 0; n < 100000; n++)
        unit_must_be(v[n], ==, (double)n * 0.5);
    free(v);
}

static void growing_keeps_what_was_there_and_grows_seldom(void)
{
    grow_step_by_step(xgrow, sizeof(double));
    grow_step_by_step(xgrow_lines, XALLOC_LINE);
}

static void large_blocks_keep_their_line(void)
{
    enum { FIRST = 1 << 25 };
    unsigned char *v = NULL;
    size_t room = 0;
    for (size_t need = FIRST; need <= 4 * (size_t)FIRST; need *= 2) {
        xgrow_lines(&v, &room, need, 1);
        CU_ASSERT_EQUAL((uintptr_t)v % XALLOC_LINE, 0);
        v[need / 2 + 1] = (unsigned char)(need / FIRST);
        v[need - 1] = (unsigned char)(need / FIRST + 1);
    }
    for (size_t need = FIRST; need <= 4 * (size_t)FIRST; need *= 2) {
        CU_ASSERT_EQUAL(v[need / 2 + 1], need / FIRST);
        CU_ASSERT_EQUAL(v[need - 1], need / FIRST + 1);
    }
    free(v);
}

static void ask_overflowing_count(void)
{
    free(xcalloc(SIZE_MAX / 2, 16));
}

static void ask_overflowing_growth(void)
{
    char *v = NULL;
    size_t room = 0;
    xgrow(&v, &room, SIZE_MAX - 1, 8);
    free(v);
}

static int signal_that_ends(void (*act)(void))
{
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        close(STDERR_FILENO);                /* the line about it is expected */
        act();
        _exit(0);
    }
    waitpid(child, &status, 0);
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static void overflow_aborts(void)
{
    CU_ASSERT_EQUAL(signal_that_ends(ask_overflowing_count), SIGABRT);
    CU_ASSERT_EQUAL(signal_that_ends(ask_overflowing_growth), SIGABRT);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(copies_are_copies),
        UNIT_TEST(xcalloc_zeroes),
        UNIT_TEST(empty_blocks_are_blocks),
        UNIT_TEST(one_call_frees_all),
        UNIT_TEST(growing_keeps_what_was_there_and_grows_seldom),
        UNIT_TEST(large_blocks_keep_their_line),
        UNIT_TEST(overflow_aborts),
        { NULL, NULL },
    };
    return unit_run("xalloc", tests);
}
