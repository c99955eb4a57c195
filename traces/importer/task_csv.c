#include "traces/importer/importers.h"

#include <string.h>

#include "traces/importer/task_table.h"

static bool may_be_table(const struct importer_probe *p)
{
    const char *begin = p->head + strspn(p->head, " \t\r\n");
    return !p->is_folder && *begin != '{' && *begin != '[';
}

/* A table of which too little is known is still this importer's, which names the columns that are
 * missing. */
static int probe(const struct importer_probe *p)
{
    if (!may_be_table(p))
        return 0;
    struct task_table_head head = task_table_head(p->head);
    return head.enough ? head.known >= 3 ? 70 : 30 : head.known >= 1 ? 5 : 0;
}

const struct importer_ops importer_task_csv = {
    .name = "task_csv",
    .summary = "a table of tasks (CSV): sacct, Parsl, LSF, PBS, or one's own",
    .probe = probe, .read = task_table_load,
};

static int probe_nextflow(const struct importer_probe *p)
{
    if (!may_be_table(p))
        return 0;
    struct task_table_head head = task_table_head(p->head);
    return head.kind == TABLE_NEXTFLOW && head.enough ? 75 : 0;
}

const struct importer_ops importer_nextflow = {
    .name = "nextflow",
    .summary = "Nextflow's trace.txt, of any fields, raw or for people",
    .probe = probe_nextflow, .read = task_table_load_nextflow,
};

static int probe_json(const struct importer_probe *p)
{
    static const char *const marks[] = { "\"Slurm\"", "\"slurm\"", "\"job_id\"",
                                         "\"allocation_nodes\"", NULL };
    bool slurm = false;
    for (size_t i = 0; marks[i]; i++)
        slurm = slurm || strstr(p->head, marks[i]);
    return p->head[strspn(p->head, " \t\r\n")] == '{' && slurm && !strstr(p->head, "\"workflow\"")
               ? 60
               : 0;
}

const struct importer_ops importer_sacct_json = {
    .name = "sacct_json", .also = "sacct",
    .summary = "what `sacct --json` prints",
    .probe = probe_json,
    .read = slurm_json_load,
    .expected = "jobs with a \"job_id\" and \"time\", as `sacct --json` prints them",
};
