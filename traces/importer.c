#include "traces/importer.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "traces/importer/importers.h"
#include "traces/importer/task_steps.h"
#include "traces/packed_file.h"
#include "traces/platform_fit.h"

enum { HEAD_BYTES = 1 << 14 };

#define IMPORTER_ADDRESS(name) &importer_##name,
static const struct importer_ops *const importers[] = { IMPORTERS(IMPORTER_ADDRESS) };

const struct importer_ops *importer_at(size_t i)
{
    return i < sizeof importers / sizeof *importers ? importers[i] : NULL;
}

/* Of a packed file the head is unpacked; `name` is without the ending of packing. */
static int make_probe(const char *path, const char *name, struct importer_probe *p,
                      char head[HEAD_BYTES + 1], struct error *err)
{
    struct stat st;
    if (stat(path, &st))
        return error_set(err, "%s: %s", path, strerror(errno));
    *p = (struct importer_probe){ .path = path, .file_name = name, .is_folder = S_ISDIR(st.st_mode),
                                  .head = head };
    head[0] = '\0';
    if (!S_ISREG(st.st_mode))
        return S_ISDIR(st.st_mode) ? 0 : error_set(err, "%s: is neither a folder nor a file", path);
    if (access(path, R_OK))
        return error_set(err, "%s: %s", path, strerror(errno));
    p->head_size = packed_file_head(path, head, HEAD_BYTES);
    head[p->head_size] = '\0';
    return 0;
}

static const struct importer_ops *surest(const struct importer_probe *p)
{
    const struct importer_ops *best = NULL;
    int best_score = 0;
    for (size_t i = 0; importer_at(i); i++) {
        int score = importer_at(i)->probe(p);
        if (score <= best_score)
            continue;
        best = importer_at(i);
        best_score = score;
    }
    return best;
}

static const struct importer_ops *find(const char *name, struct error *err)
{
    struct str known = { 0 };
    const struct importer_ops *found = NULL;
    for (size_t i = 0; importer_at(i); i++) {
        const struct importer_ops *o = importer_at(i);
        if (str_equal(o->name, name) || str_equal(o->also, name))
            found = o;
        str_addf(&known, "%s%s", i ? ", " : "", o->name);
    }
    if (!found)
        error_set(err, "no importer '%s'; known: %s", name, known.text);
    str_clear(&known);
    return found;
}

/* What every importer owes, whatever the file: what it makes can be written, and read again by
 * every command. */
static struct session *finish(struct session *s)
{
    if (!s || !s->platform)
        return s;
    if (s->timeline && isnan(s->timeline->session_start_s) &&
        !str_equal(s->importer, importer_timeline_csv.name))
        /* a timeline's CSV holds the platform beside it */
        s->timeline->session_start_s = 0;
    platform_fit(s);
    session_record_radical(s);
    session_note(s, platform_unique_node_names(s->platform), "nodes",
                 "renamed: numbered if they share a name (localhost-2)");
    return s;
}

/* A session is called after its file or folder, which then needs a name: "run" for "run/", that of
 * the working folder for ".". Free it. */
static char *named_path(const char *path)
{
    char here[PATH_MAX];
    size_t n = strlen(path);
    while (n > 1 && (path[n - 1] == '/' || (path[n - 1] == '.' && path[n - 2] == '/')))
        n--;
    bool dot = n == 1 && path[0] == '.';
    return dot && getcwd(here, sizeof here) ? xstrdup(here) : xstrndup(path, n);
}

/* The importer of that name, or the surest (NULL). */
static const struct importer_ops *choose(const char *path, const char *name, struct error *err)
{
    char head[HEAD_BYTES + 1];
    struct importer_probe probe;
    const char *file = str_file_name(path);
    char *plain = xstrndup(file, packed_file_name_length(file));
    const struct importer_ops *importer = NULL;
    int status = make_probe(path, plain, &probe, head, err);
    if (status == 0)
        importer = name ? find(name, err) : surest(&probe);
    if (status == 0 && !importer && !name)
        error_set(err,
                  "%s: is neither a RADICAL-Pilot session, nor WfFormat, nor another tool's "
                  "record, nor a CSV that is known (a table of tasks needs a column of durations, "
                  "or of starts and ends; docs/formats.md lists their names)",
                  path);
    free(plain);
    return importer;
}

bool importer_knows(const char *path)
{
    return choose(path, NULL, NULL) != NULL;
}

struct session *importer_load(const char *path, const char *name, struct error *err)
{
    const struct importer_ops *importer = choose(path, name, err);
    if (!importer)
        return NULL;
    char *named = named_path(path);
    struct session *s = finish(importer->load ? importer->load(named, err)
                                              : task_session_of(importer, named, err));
    uint64_t bytes = 0;
    bool doubtful = s && !s->damage && !s->checked;
    const char *damage = doubtful ? packed_file_damage(named, &bytes) : NULL;
    if (damage)
        session_set_damage(s, damage, 0, bytes);
    free(named);
    return s;
}
