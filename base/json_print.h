/* base/json_print.h - a cJSON tree as text: for people to read, for programs to read back exactly.
 */
#ifndef DAGCAST_BASE_JSON_PRINT_H
#define DAGCAST_BASE_JSON_PRINT_H

#include <stdint.h>

#include <cjson/cJSON.h>

/* Indented by two spaces, arrays of plain values on one line, a final newline, numbers as short as
 * they read back (cJSON's "%1.17g" is neither). Non-finite numbers become null. free() it. */
char *json_print(const cJSON *value);

/* the same without blanks and line ends */
char *json_print_compact(const cJSON *value);

/* A number, or from 2^53 on, where a double no longer holds every integer, a string of its digits.
 */
cJSON *json_whole(uint64_t x);

#endif
