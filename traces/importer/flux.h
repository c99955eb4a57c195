/* traces/importer/flux.h - jobs of Flux: `flux jobs --json`, or eventlogs with their R. */
#ifndef DAGCAST_TRACES_IMPORTER_FLUX_H
#define DAGCAST_TRACES_IMPORTER_FLUX_H

#include "traces/importer.h"

extern const struct importer_ops importer_flux;

#endif
