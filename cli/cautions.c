#include "cli/cautions.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/escape.h"
#include "base/xalloc.h"

void cautions_tell(const char *command, const struct session *s)
{
    struct str text = { 0 };
    cJSON *list = session_cautions(s);
    const cJSON *entry;
    cJSON_ArrayForEach(entry, list)
        escape_addf(&text, "dagcast %s: %s: %s\n", command, s->name, entry->valuestring);
    cJSON_Delete(list);
    if (text.length)
        fputs(text.text, stderr);
    str_clear(&text);
}

static void add(struct doc *d, const struct session *s, const char *label, const char *caution)
{
    doc_open(d, NULL);
    doc_fact(d, "session", NULL, DOC_TEXT, doc_text(s->name));
    doc_fact(d, "caution", label, DOC_TEXT, doc_text(caution));
    doc_close(d);
}

void cautions_add(struct doc *d, const struct session *const *sessions, size_t n)
{
    doc_open_list(d, "cautions");
    for (size_t i = 0; i < n; i++) {
        char *label = n > 1 ? str_format("caution, %s", sessions[i]->name) : xstrdup("caution");
        cJSON *list = session_cautions(sessions[i]);
        const cJSON *entry;
        cJSON_ArrayForEach(entry, list)
            add(d, sessions[i], label, entry->valuestring);
        cJSON_Delete(list);
        free(label);
    }
    doc_close(d);
}
