/* traces/importer/parsl.h - monitoring.db of Parsl, a database of SQLite. */
#ifndef DAGCAST_TRACES_IMPORTER_PARSL_H
#define DAGCAST_TRACES_IMPORTER_PARSL_H

#include "traces/importer.h"

extern const struct importer_ops importer_parsl;

#endif
