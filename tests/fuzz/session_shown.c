#include "tests/fuzz/session_shown.h"

#include <assert.h>
#include <string.h>

#include "cli/session_doc.h"
#include "doc/render.h"

void session_shown(const struct session *s)
{
    struct error err = { "" };
    struct str text = { 0 }, again = { 0 }, page = { 0 };
    struct doc *d = doc_new("import", "0");
    session_doc_add(d, s, 0);
    doc_render_text(d, &(struct doc_text_options){ 0 }, &text);
    doc_render_html(&d, 1, NULL, &page);
    cJSON *json = doc_render_json(d);
    struct doc *stored = doc_load(json, "stored", NULL, &err);
    assert(stored && page.length > 0);
    doc_render_text(stored, &(struct doc_text_options){ 0 }, &again);
    assert(text.length > 0 && strcmp(text.text, again.text) == 0);
    str_clear(&text);
    str_clear(&again);
    str_clear(&page);
    cJSON_Delete(json);
    doc_free(stored);
    doc_free(d);
}
