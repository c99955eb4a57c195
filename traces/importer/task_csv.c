#include "traces/importer/task_csv.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "traces/importer/slurm_json.h"
#include "traces/importer/task_steps.h"
#include "traces/importer/task_table.h"

static char *name_of_path(const char *path)
{
    const char *slash = strrchr(path, '/'), *file = slash ? slash + 1 : path, *dot = strrchr(file, '.');
    return xstrndup(file, dot && dot > file ? (size_t)(dot - file) : strlen(file));
}

typedef int load_fn(struct task_records *t, const char *path, struct error *err);

static struct session *load_with(load_fn *load_table, const char *importer, const char *path, struct error *err)
{
    char *name = name_of_path(path);
    struct task_records table;
    struct session *s = NULL;
    if (load_table(&table, path, err) == 0) {
        task_records_note(&table);
        s = task_session(&table, &(struct task_source){ importer, name, path }, err);
    }
    task_records_clear(&table);
    free(name);
    return s;
}

struct session *task_csv_load(const char *path, struct error *err)
{
    return load_with(task_table_load, "task_csv", path, err);
}

/* A table of which too little is known is still this importer's, which names the columns that are missing. */
static int probe(const struct importer_probe *p)
{
    bool enough;
    if (p->is_folder || p->head[0] == '{' || p->head[0] == '[')
        return 0;
    int known = task_table_known_columns(p->head, &enough);
    return enough ? known >= 3 ? 70 : 30 : known >= 1 ? 5 : 0;
}

const struct importer_ops importer_task_csv = {
    .name = "task_csv",
    .summary = "a table of tasks (CSV): sacct, Nextflow, Parsl, LSF, PBS, or one's own",
    .probe = probe, .load = task_csv_load,
};

static struct session *load_json(const char *path, struct error *err)
{
    return load_with(slurm_json_load, "sacct_json", path, err);
}

static int probe_json(const struct importer_probe *p)
{
    static const char *const marks[] = { "\"Slurm\"", "\"slurm\"", "\"job_id\"", "\"allocation_nodes\"", NULL };
    bool slurm = false;
    for (size_t i = 0; marks[i]; i++)
        slurm = slurm || strstr(p->head, marks[i]);
    return p->head[strspn(p->head, " \t\r\n")] == '{' && slurm && !strstr(p->head, "\"workflow\"") ? 60 : 0;
}

const struct importer_ops importer_sacct_json = {
    .name = "sacct_json",
    .summary = "what `sacct --json` prints",
    .probe = probe_json, .load = load_json,
};
