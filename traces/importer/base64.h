/* traces/importer/base64.h - RFC 4648, either alphabet: Bokeh's arrays, Snakemake's names of files.
 */
#ifndef DAGCAST_TRACES_IMPORTER_BASE64_H
#define DAGCAST_TRACES_IMPORTER_BASE64_H

#include <stddef.h>

/* The bytes; *size of them. NULL: the text is not base64. Free it. */
unsigned char *base64_decode(const char *text, size_t *size);

#endif
