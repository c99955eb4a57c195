/* cli/describe_output.h - the words of `dagcast describe`. */
#ifndef DAGCAST_CLI_DESCRIBE_OUTPUT_H
#define DAGCAST_CLI_DESCRIBE_OUTPUT_H

#include <cjson/cJSON.h>

#include "base/str.h"
#include "core/middleware.h"
#include "core/platform.h"
#include "core/workflow.h"

void describe_add_platform(struct str *text, const struct platform *p);
void describe_add_middleware(struct str *text, const struct middleware *m);

/* Words and the same as JSON (a new tree). `p` NULL: nothing on what fits. */
void describe_add_workflow(struct str *text, cJSON **json, const struct workflow *w, const struct platform *p);

#endif
