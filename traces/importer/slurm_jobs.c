/* Slurm's rows to tasks: jobs, their runs and steps. */
#include <ctype.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/xalloc.h"
#include "traces/importer/task_table.h"

enum row_kind { ROW_JOB, ROW_STEP, ROW_SERVICE };
enum { NAME_BLOCK_BYTES = 1 << 14 };

/* "12", "12_3", "12+1", "12_[4-9%2]": the length of a job's id at the beginning of a text; 0: it
 * does not begin with one. */
static size_t job_id_length(const char *text)
{
    size_t n = strspn(text, "0123456789");
    if (n == 0)
        return 0;
    if (text[n] == '_' && text[n + 1] == '[') {
        const char *close = strchr(text + n, ']');
        return close ? (size_t)(close + 1 - text) : 0;
    }
    for (int i = 0;
         i < 2 && (text[n] == '_' || text[n] == '+') && isdigit((unsigned char)text[n + 1]); i++)
        n += 1 + strspn(text + n + 1, "0123456789");
    return n;
}

/* A step is the id of a job, a dot, and a name that Slurm gives to steps; anything else
 * ("646033.server") is a job. */
static enum row_kind kind_of(const char *id, bool *first_component)
{
    static const char *const services[] = { "batch", "extern", "interactive", NULL };
    size_t n = job_id_length(id);
    *first_component = true;
    if (n == 0 || id[n] != '.')
        return ROW_JOB;
    const char *step = id + n + 1;
    for (size_t k = 0; services[k]; k++)
        if (strncmp(step, services[k], strlen(services[k])) == 0 &&
            (!step[strlen(services[k])] || step[strlen(services[k])] == '+'))
            return ROW_SERVICE;
    size_t digits = strspn(step, "0123456789");
    if (digits == 0)
        return ROW_JOB;
    const char *component = step + digits;
    if (*component == '+' && isdigit((unsigned char)component[1])) {
        *first_component = strtol(component + 1, NULL, 10) == 0;
        component += 1 + strspn(component + 1, "0123456789");
    }
    return *component ? ROW_JOB : ROW_STEP;
}

struct jobs {
    struct name_index *index;
    struct arena names;                  /* of the jobs of steps */
    int *of_row; /* the first row of its job */
    uint8_t *kinds;                      /* enum row_kind */
    /* by that row: numbered steps of the run in hand, the most of any run, */
    uint32_t *in_run, *steps;
    int *run_row; /* the row of the run in hand, -1: none yet, */
    bool *has_row; /* and whether the job has a row of its own */
};

static void free_jobs(struct jobs *j)
{
    name_index_free(j->index);
    arena_clear(&j->names);
    xfree(j->of_row, j->kinds, j->in_run, j->steps, j->run_row, j->has_row);
}

/* The id of its job, which is a job's own. */
static const char *job_name(struct jobs *j, const char *id, bool is_job)
{
    return is_job ? id : arena_keep(&j->names, id, job_id_length(id));
}

/* A job's own row begins a run; the steps behind it are of that run, as sacct prints them. The peak
 * memory of steps is the run's. */
static struct jobs find_jobs(struct task_records *t)
{
    struct jobs j = { .index = name_index_new(),
                      .names.block_bytes = NAME_BLOCK_BYTES,
                      .of_row = xcalloc(t->n, sizeof *j.of_row),
                      .kinds = xcalloc(t->n, sizeof *j.kinds),
                      .in_run = xcalloc(t->n, sizeof *j.in_run),
                      .steps = xcalloc(t->n, sizeof *j.steps),
                      .run_row = xcalloc(t->n, sizeof *j.run_row),
                      .has_row = xcalloc(t->n, sizeof *j.has_row) };
    for (size_t i = 0; i < t->n; i++) {
        bool first_component;
        struct task_row *row = &t->rows[i];
        j.kinds[i] = (uint8_t)kind_of(row->id, &first_component);
        int known = name_index_add(j.index, job_name(&j, row->id, j.kinds[i] == ROW_JOB), (int)i),
            job = known >= 0 ? known : (int)i;
        j.of_row[i] = job;
        if (known < 0)
            j.run_row[job] = -1;
        if (j.kinds[i] == ROW_JOB) {
            j.has_row[job] = true;
            j.in_run[job] = 0;
            j.run_row[job] = (int)i;
        } else if (j.run_row[job] >= 0 && row->peak_memory_mib > 0) {
            double *peak = &t->rows[j.run_row[job]].peak_memory_mib;
            *peak = fmax(*peak, row->peak_memory_mib);
        }
        j.in_run[job] += j.kinds[i] == ROW_STEP && first_component;
        j.steps[job] = j.in_run[job] > j.steps[job] ? j.in_run[job] : j.steps[job];
    }
    return j;
}

/* A job of which a run has two numbered steps or more is an allocation whose steps are the tasks;
 * else the job is, where it has a row. */
static void choose_steps(struct task_records *t)
{
    struct jobs j = find_jobs(t);
    size_t kept = 0, n = t->n, service_steps = 0, jobs_of_steps = 0, steps_of_jobs = 0;
    for (size_t i = 0; i < n; i++) {
        bool stepwise = j.steps[j.of_row[i]] > 1 || !j.has_row[j.of_row[i]],
             job = j.kinds[i] == ROW_JOB, step = j.kinds[i] == ROW_STEP;
        service_steps += j.kinds[i] == ROW_SERVICE;
        jobs_of_steps += job && stepwise;
        steps_of_jobs += step && !stepwise;
        if (job ? !stepwise : step && stepwise)
            t->rows[kept++] = t->rows[i];
    }
    t->n = kept;
    free_jobs(&j);
    notes_add(&t->notes, jobs_of_steps, "jobs",
              "two numbered steps or more: its steps are the tasks");
    notes_add(&t->notes, steps_of_jobs, "steps",
              "the only numbered one of its job: the job is the task");
    notes_add(&t->notes, service_steps, "steps", "batch, extern and the like are no tasks");
}

void slurm_jobs_choose(struct task_records *t)
{
    choose_steps(t);
    array_rows_expand(t);
}
