/* traces/importer/snakemake.h - a run of Snakemake: its folder, what `--detailed-summary` prints,
 * or benchmark files. */
#ifndef DAGCAST_TRACES_IMPORTER_SNAKEMAKE_H
#define DAGCAST_TRACES_IMPORTER_SNAKEMAKE_H

#include "traces/importer.h"

extern const struct importer_ops importer_snakemake;

#endif
