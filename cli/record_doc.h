/* cli/record_doc.h - a recorded run as a doc: what happened, what is missing, pictures. */
#ifndef DAGCAST_CLI_RECORD_DOC_H
#define DAGCAST_CLI_RECORD_DOC_H

#include "cli/timelines.h"
#include "doc/doc.h"

/* `t` holds a record. It and `p`, its picture, must live until the doc is rendered. */
struct doc *record_doc(const struct timelines *t, const struct picture *p, const char *path);

#endif
