/* traces/importer/colmena.h - results of Colmena, one JSON object a line. */
#ifndef DAGCAST_TRACES_IMPORTER_COLMENA_H
#define DAGCAST_TRACES_IMPORTER_COLMENA_H

#include "traces/importer.h"

extern const struct importer_ops importer_colmena;

#endif
