#define _XOPEN_SOURCE 700                    /* pseudo terminals */

#include "base/progress.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/unit.h"

static void silent_on_a_file(void)
{
    FILE *f = tmpfile();
    CU_ASSERT_PTR_NOT_NULL_FATAL(f);
    struct progress *p = progress_new(f, "sweep", 10, true);
    progress_step(p, 5);
    progress_free(p);
    fflush(f);
    CU_ASSERT_EQUAL(ftell(f), 0);
    fclose(f);
}

/* A pseudo terminal: what is written to the stream can be read from *reader. NULL where the system
 * has none left. */
static FILE *terminal(int *reader)
{
    *reader = posix_openpt(O_RDWR | O_NOCTTY);
    if (*reader < 0 || grantpt(*reader) || unlockpt(*reader))
        return NULL;
    const char *name = ptsname(*reader);
    return name ? fopen(name, "w") : NULL;
}

static void *step_thousand_times(void *progress)
{
    for (int i = 0; i < 1000; i++)
        progress_step(progress, 1);
    return NULL;
}

static void shown_on_a_terminal(void)
{
    int reader;
    char seen[4096] = "";
    FILE *stream = terminal(&reader);
    if (!stream) {
        unit_skip("no pseudo terminal");
        return;
    }
    CU_ASSERT_PTR_NULL(progress_new(stream, "sweep", 8000, false));
    struct progress *p = progress_new(stream, "sweep", 8000, true);
    CU_ASSERT_PTR_NOT_NULL_FATAL(p);
    progress_step(p, 4000);
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        CU_ASSERT_EQUAL_FATAL(pthread_create(&threads[i], NULL, step_thousand_times, p), 0);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    progress_begin(p, "orders", 0);
    progress_free(p);
    fclose(stream);
    size_t n = 0;
    for (ssize_t got;
         n < sizeof seen - 1 && (got = read(reader, seen + n, sizeof seen - 1 - n)) > 0;)
        /* until the error that says that nobody can write any more */
        n += (size_t)got;
    unit_must_be(n, >, 4);
    CU_ASSERT_PTR_NOT_NULL(strstr(seen, "sweep [##########..........]  50 %, 0:00 left"));
    CU_ASSERT_PTR_NOT_NULL(strstr(seen, "\r\033[Korders, 0 done\r\033[K"));
    CU_ASSERT_STRING_EQUAL(seen + n - 4, "\r\033[K");
    close(reader);
}

int main(void)
{
    static const struct unit_test tests[] = { UNIT_TEST(silent_on_a_file),
                                              UNIT_TEST(shown_on_a_terminal), { NULL, NULL } };
    return unit_run("progress", tests);
}
