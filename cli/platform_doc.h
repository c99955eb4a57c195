/* cli/platform_doc.h - the nodes that a session ran on, in words and as the member "platform" of
 * the open object. */
#ifndef DAGCAST_CLI_PLATFORM_DOC_H
#define DAGCAST_CLI_PLATFORM_DOC_H

#include "doc/doc.h"
#include "traces/session.h"

void platform_doc_add(struct doc *d, const struct session *s);

#endif
