/* traces/importer/dask.h - Dask's task stream: as JSON, or in the HTML of a performance report. */
#ifndef DAGCAST_TRACES_IMPORTER_DASK_H
#define DAGCAST_TRACES_IMPORTER_DASK_H

#include "traces/importer.h"

extern const struct importer_ops importer_dask;

#endif
