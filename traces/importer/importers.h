/* traces/importer/importers.h - every importer; traces/importer.c lists them. */
#ifndef DAGCAST_TRACES_IMPORTER_IMPORTERS_H
#define DAGCAST_TRACES_IMPORTER_IMPORTERS_H

#include "traces/importer.h"

extern const struct importer_ops
    importer_colmena,                    /* results, one JSON object a line */
    importer_dask,                       /* task streams: JSON, or in the HTML of a report */
    importer_executed_run,               /* the folder of `dagcast execute`, ended or not */
    importer_flux,                       /* `flux jobs --json`, or eventlogs with their R */
    importer_libensemble,                /* libE_stats.txt: one line a result */
    importer_nextflow,                   /* trace.txt */
    importer_parsl,                      /* monitoring.db, a database of SQLite */
    importer_radical_session,            /* of every generation, with or without EnTK */
    importer_rhapsody,                   /* telemetry of RHAPSODY and AsyncFlow */
    importer_sacct_json,                 /* `sacct --json`, Slurm 21.08 and later */
    importer_snakemake,                  /* a run's folder, a summary, or benchmark files */
    importer_swf,                        /* Standard Workload Format 2.2: 18 numbers a job */
    importer_task_csv,                   /* a table: docs/formats.md, "Task tables" */
    importer_timeline_csv,               /* our own timelines */
    importer_wfformat;                   /* workflow instances of WfCommons */

#endif
