/* cli/describe_decisions.h - what a workflow leaves to run time, in words: a fact a decision.
 * Nothing where all is written. */
#ifndef DAGCAST_CLI_DESCRIBE_DECISIONS_H
#define DAGCAST_CLI_DESCRIBE_DECISIONS_H

#include "core/workflow.h"
#include "doc/doc.h"

void describe_decisions(struct doc *d, const struct workflow *w);

#endif
