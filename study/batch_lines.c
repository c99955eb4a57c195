#include "study/batch_lines.h"

#include <math.h>

bool batch_lines_add(struct str *text, const char *scheduler, size_t nodes, double walltime_s)
{
    long long s = (long long)ceil(walltime_s), minutes = (s + 59) / 60;
    if (str_equal(scheduler, "slurm"))
        str_addf(text, "#SBATCH --nodes=%zu\n#SBATCH --time=%02lld:%02lld:%02lld\n", nodes, s / 3600, s / 60 % 60, s % 60);
    else if (str_equal(scheduler, "pbs"))
        str_addf(text, "#PBS -l select=%zu\n#PBS -l walltime=%02lld:%02lld:%02lld\n", nodes, s / 3600, s / 60 % 60, s % 60);
    else if (str_equal(scheduler, "lsf"))
        str_addf(text, "#BSUB -nnodes %zu\n#BSUB -W %02lld:%02lld\n", nodes, minutes / 60, minutes % 60);
    else
        return false;
    return true;
}
