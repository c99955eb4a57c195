/* traces/importer/importers.h - every importer. */
#ifndef DAGCAST_TRACES_IMPORTER_IMPORTERS_H
#define DAGCAST_TRACES_IMPORTER_IMPORTERS_H

#include "traces/importer.h"

/* A row each, and a file in traces/importer/. Of several that are as sure of a file the first reads
 * it. */
#define IMPORTERS(ROW)                                                                             \
    ROW(radical_session) ROW(timeline_csv) ROW(task_csv) ROW(sacct_json) ROW(wfformat)             \
    ROW(executed_run) ROW(libensemble) ROW(nextflow) ROW(swf) ROW(parsl) ROW(flux) ROW(colmena)    \
    ROW(rhapsody) ROW(dask) ROW(snakemake)
#define IMPORTER_DECLARE(name) extern const struct importer_ops importer_##name;
IMPORTERS(IMPORTER_DECLARE)

#endif
