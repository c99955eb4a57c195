/* base/file_impl.h - for base/file*.c. */
#ifndef DAGCAST_BASE_FILE_IMPL_H
#define DAGCAST_BASE_FILE_IMPL_H

#include "base/error.h"

/* -1 and "PATH: cannot WHAT: ", with the reason that errno has. */
int file_failed(struct error *err, const char *path, const char *what);

#endif
