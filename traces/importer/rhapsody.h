/* traces/importer/rhapsody.h - telemetry of RHAPSODY and AsyncFlow, one event a line. */
#ifndef DAGCAST_TRACES_IMPORTER_RHAPSODY_H
#define DAGCAST_TRACES_IMPORTER_RHAPSODY_H

#include "traces/importer.h"

extern const struct importer_ops importer_rhapsody;

#endif
