/* cli/node_list.h - node counts on the command line: "16", "1..64", "4..64:4" (every fourth),
 * "1,2,4..16". */
#ifndef DAGCAST_CLI_NODE_LIST_H
#define DAGCAST_CLI_NODE_LIST_H

#include <stddef.h>

#include "base/error.h"

struct node_list { size_t n, room; size_t *at; };        /* ascending, none twice */
/* -1: not such a text, or more than 10,000 counts. */
int node_list_parse(const char *text, struct node_list *out, struct error *err);
void node_list_clear(struct node_list *l);

#endif
