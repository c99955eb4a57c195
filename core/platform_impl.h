/* core/platform_impl.h - what the parts of platforms share. */
#ifndef DAGCAST_CORE_PLATFORM_IMPL_H
#define DAGCAST_CORE_PLATFORM_IMPL_H

#include "core/platform.h"

int platform_resource(const struct platform *p, const char *name);         /* -1: it has none */
/* The text by which the platform calls the kind; `name` if it has none of that name. */
const char *platform_kind(const struct platform *p, const char *name);
/* Of the node shape that has the most. */
int platform_threads_per_core(const struct platform *p);

/* Its nodes are numbered from now on. */
void platform_drop_names(struct platform *p);

/* The field `nodes` of a platform's file. platform_nodes_json.c */
extern const struct schema_type platform_node_kinds;
extern const struct schema platform_node_kind;

#endif
