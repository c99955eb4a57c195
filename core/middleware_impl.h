/* core/middleware_impl.h - what the middleware_*.c share. */
#ifndef DAGCAST_CORE_MIDDLEWARE_IMPL_H
#define DAGCAST_CORE_MIDDLEWARE_IMPL_H

#include "core/middleware.h"

extern const char *const middleware_cold_rules[];        /* names in JSON, in the order of enum cold_rule; NULL-terminated */

#endif
