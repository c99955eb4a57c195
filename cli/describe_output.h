/* cli/describe_output.h - the sections of `dagcast describe`. What a section draws must outlive the
 * doc. */
#ifndef DAGCAST_CLI_DESCRIBE_OUTPUT_H
#define DAGCAST_CLI_DESCRIBE_OUTPUT_H

#include "core/middleware.h"
#include "core/platform.h"
#include "core/workflow.h"
#include "doc/doc.h"

/* The members "platform", "middleware" (as in their files) and "workflow". */
void describe_platform(struct doc *d, const struct platform *p);
void describe_middleware(struct doc *d, const struct middleware *m);
/* `p` NULL: nothing on what fits. */
void describe_workflow(struct doc *d, const struct workflow *w, const struct platform *p);
/* The facts "Loop", "Campaign" and "Decided" of a workflow, for people; none if it decides nothing.
 */
void describe_decisions(struct doc *d, const struct workflow *w);

#endif
