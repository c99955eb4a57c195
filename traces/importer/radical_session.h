/* traces/importer/radical_session.h - sessions of RADICAL-Pilot, with or without EnTK, of every
 * generation. */
#ifndef DAGCAST_TRACES_IMPORTER_RADICAL_SESSION_H
#define DAGCAST_TRACES_IMPORTER_RADICAL_SESSION_H

#include "traces/importer.h"

struct session *radical_session_load(const char *path, struct error *err);

#endif
