/* Any bytes as a CSV of tasks, ours or a user's, or as another tool's record (by content): a
 * session that is sound, or a sentence. A timeline that is read can be written, and what was
 * written reads back to the same bytes. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <gsl/gsl_errno.h>

#include "base/file.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/session_shown.h"
#include "traces/importer.h"

static char *saved(const struct session *s, const char *path)
{
    struct error err = { "" };
    size_t size;
    if (timeline_save_csv(s->timeline, path, &err)) {
        assert(err.text[0]);             /* a node's name that a CSV cannot hold */
        return NULL;
    }
    char *text = file_load(path, 1 << 28, &size, &err);
    assert(text && strlen(text) == size);
    return text;
}

static void check(const struct session *s, const char *path)
{
    struct error err = { "" };
    assert(s->workflow->n_tasks >= 1 && s->platform->n_nodes >= 1);
    for (size_t i = 0; i < s->timeline->n; i++)
        assert(s->timeline->records[i].task < s->workflow->n_tasks);
    session_shown(s);
    char *once = saved(s, path);
    struct session *again = once ? importer_load(path, "timeline_csv", &err) : NULL;
    char *twice = again ? saved(again, path) : NULL;
    assert(!again || (twice && strcmp(once, twice) == 0));
    session_free(again);
    free(once);
    free(twice);
}

/* A new file, in memory where that is possible: on a disk each input waits for several syncs. */
static int new_file(char path[32])
{
    strcpy(path, "/dev/shm/dagcast-fuzz-XXXXXX");
    int file = mkstemp(path);
    if (file >= 0)
        return file;
    strcpy(path, "/tmp/dagcast-fuzz-XXXXXX");
    return mkstemp(path);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[32];
    struct error err = { "" };
    gsl_set_error_handler_off();
    int file = new_file(path);
    if (file < 0 || write(file, data, size) != (ssize_t)size)
        abort();
    close(file);
    struct session *s = importer_load(path, NULL, &err);
    assert(s || err.text[0]);
    if (s)
        check(s, path);
    session_free(s);
    unlink(path);
    return 0;
}
