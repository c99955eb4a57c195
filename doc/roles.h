/* doc/roles.h - what a sentence is for: its name in stored results and its element in HTML. */
#ifndef DAGCAST_DOC_ROLES_H
#define DAGCAST_DOC_ROLES_H

#include "doc/doc.h"

const char *role_name(enum doc_role role);
int role_find(const char *name); /* -1: unknown */
const char *role_begin(enum doc_role role); /* "<p class=\"answer\">" */
const char *role_end(enum doc_role role);

#endif
