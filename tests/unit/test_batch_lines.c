#include "study/batch_lines.h"

#include "tests/support/unit.h"

static void expect(const char *scheduler, size_t nodes, double walltime_s, const char *lines)
{
    struct str text = { 0 };
    CU_ASSERT(batch_lines_add(&text, scheduler, nodes, walltime_s));
    CU_ASSERT_STRING_EQUAL(text.text, lines);
    str_clear(&text);
}

static void each_scheduler_has_its_own_words(void)
{
    expect("slurm", 16, 5400, "#SBATCH --nodes=16\n#SBATCH --time=01:30:00\n");
    expect("pbs", 3, 100 * 3600 + 61, "#PBS -l select=3\n#PBS -l walltime=100:01:01\n");
    expect("lsf", 92, 3601, "#BSUB -nnodes 92\n#BSUB -W 01:01\n");          /* whole minutes, never fewer */
}

static void others_are_left_alone(void)
{
    struct str text = { 0 };
    CU_ASSERT_FALSE(batch_lines_add(&text, "condor", 16, 5400));
    CU_ASSERT_FALSE(batch_lines_add(&text, NULL, 16, 5400));
    CU_ASSERT_EQUAL(text.length, 0);
    str_clear(&text);
}

int main(void)
{
    static const struct unit_test tests[] = { UNIT_TEST(each_scheduler_has_its_own_words),
                                              UNIT_TEST(others_are_left_alone), { NULL, NULL } };
    return unit_run("batch_lines", tests);
}
