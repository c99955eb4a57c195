/* Any bytes as a folder that some tool left: a line "%% PATH" begins each file. It is imported by
 * what is in it; what comes out is sound, or there is a sentence. Bytes that do not begin so are
 * one file, such as an archive of a session. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <assert.h>
#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gsl/gsl_errno.h>

#include "base/file.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/session_shown.h"
#include "traces/importer.h"
#include "traces/session_workflow.h"

enum { MOST_FILES = 60, LONGEST_PATH = 120 };
static const char mark[] = "%% ";

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    (void)st;
    (void)kind;
    (void)at;
    return remove(path);
}

/* In memory where that is possible: on a disk each input waits for several syncs. */
static void new_folder(char path[32])
{
    strcpy(path, "/dev/shm/dagcast-fuzz-XXXXXX");
    if (mkdtemp(path))
        return;
    strcpy(path, "/tmp/dagcast-fuzz-XXXXXX");
    if (!mkdtemp(path))
        abort();
}

/* Relative, and nowhere above the folder. */
static bool is_safe(const char *path)
{
    return *path && *path != '/' && !strstr(path, "..") && strlen(path) <= LONGEST_PATH;
}

/* A file whose name is a folder's, or whose folder is a file, is left out. */
static void write_file(const char *folder, const char *path, const uint8_t *bytes, size_t size)
{
    char *full = str_format("%s/%s", folder, path),
         *parent = xstrndup(full, (size_t)(strrchr(full, '/') - full));
    if (is_safe(path) && file_make_dirs(parent, NULL) == 0)
        file_save(full, bytes, size, NULL);
    free(parent);
    free(full);
}

/* From one mark to the next; returns where that begins, or the end. */
static const uint8_t *write_section(const char *folder, const uint8_t *at, const uint8_t *end)
{
    const uint8_t *name = at + strlen(mark), *line_end = memchr(name, '\n', (size_t)(end - name));
    if (!line_end)
        return end;
    const uint8_t *body = line_end + 1, *next = body;
    while (next + strlen(mark) <= end && memcmp(next, mark, strlen(mark)) != 0) {
        const uint8_t *line = memchr(next, '\n', (size_t)(end - next));
        next = line ? line + 1 : end;
    }
    next = next + strlen(mark) <= end ? next : end;
    char *path = xstrndup((const char *)name, (size_t)(line_end - name));
    write_file(folder, path, body, (size_t)(next - body));
    free(path);
    return next;
}

static void check(struct session *s)
{
    struct error err = { "" };
    session_shown(s);
    assert(s->workflow && s->platform && s->workflow->n_tasks >= 1 && s->platform->n_nodes >= 1);
    for (size_t i = 0; s->timeline && i < s->timeline->n; i++)
        assert(s->timeline->records[i].task < s->workflow->n_tasks);
    for (int level = 0; level < INFORMATION_LEVELS; level++) {
        struct workflow *w = session_workflow(s, (enum information)level, NULL, &err);
        assert(w || err.text[0]);
        workflow_free(w);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char folder[32];
    struct error err = { "" };
    const uint8_t *at = data, *end = data + size;
    gsl_set_error_handler_off();
    new_folder(folder);
    bool sections = size >= strlen(mark) && memcmp(data, mark, strlen(mark)) == 0;
    for (int n = 0; sections && n < MOST_FILES && at < end; n++)
        at = write_section(folder, at, end);
    char *path = str_format("%s%s", folder, sections ? "" : "/session");
    if (!sections && file_save(path, data, size, NULL))
        abort();
    struct session *s = importer_load(path, NULL, &err);
    assert(s || err.text[0]);
    if (s)
        check(s);
    session_free(s);
    free(path);
    nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    return 0;
}
