/* traces/importer/libensemble.h - libE_stats.txt of libEnsemble: simulations and generators on
 * workers, one line a result. */
#ifndef DAGCAST_TRACES_IMPORTER_LIBENSEMBLE_H
#define DAGCAST_TRACES_IMPORTER_LIBENSEMBLE_H

#include "traces/importer.h"

extern const struct importer_ops importer_libensemble;

#endif
