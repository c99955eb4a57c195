/* Text for pictures and pages: gnuplot, Graphviz, XML. */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/escape_impl.h"

/* Letters, digits, blanks and marks that mean nothing to gnuplot within a string. */
static bool is_plain_for_gnuplot(uint32_t code)
{
    bool letter = (code | 0x20) >= 'a' && (code | 0x20) <= 'z', digit = code >= '0' && code <= '9';
    return code >= 0x80 || letter || digit || strchr(" .,:;-+_/()=*<>|?!", (int)code);
}

void escape_gnuplot(struct str *out, const char *text)
{
    str_add(out, "\"");
    while (*text) {
        uint32_t code;
        size_t n = escape_character(text, &code);
        bool ends_section = str_starts(text, "]]>");
        if (ends_section)
            str_add(out, "\\135\\135 >");
        else if (n == 0 || code == 0xFFFE || code == 0xFFFF)
            str_add(out, REPLACEMENT);
        else if (escape_is_hidden(code))
            str_add(out, escape_turns(code) ? "" : " ");
        else if (is_plain_for_gnuplot(code))
            str_add_n(out, text, n);
        else
            str_addf(out, "\\%03" PRIo32, code);
        text += ends_section ? 3 : n ? n : 1;
    }
    str_add(out, "\"");
}

/* Graphviz reads & as the beginning of an entity, also of those that stand for control characters.
 */
void escape_dot(struct str *out, const char *text, size_t most)
{
    for (size_t n = 0; *text; n++) {
        uint32_t code;
        size_t bytes = escape_character(text, &code);
        if (n == most) {
            str_add(out, "...");
            return;
        }
        if (bytes == 0 || code == 0xFFFE || code == 0xFFFF)
            str_add(out, REPLACEMENT);
        else if (escape_is_hidden(code))
            str_add(out, escape_turns(code) ? "" : " ");
        else if (code == '&')
            str_add(out, "&amp;");
        else
            str_addf(out, code == '"' || code == '\\' ? "\\%.*s" : "%.*s", (int)bytes, text);
        text += bytes ? bytes : 1;
    }
}

static const char *markup(uint32_t code)
{
    switch (code) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    default: return NULL;
    }
}

void escape_xml(struct str *out, const char *text)
{
    while (*text) {
        uint32_t code = 0;
        size_t n = escape_character(text, &code);
        const char *name = markup(code);
        if (n == 0 || (escape_is_hidden(code) && code != '\n' && code != '\t') || code == 0xFFFE ||
            code == 0xFFFF)
            str_add(out, REPLACEMENT);
        else if (name)
            str_add(out, name);
        else
            str_add_n(out, text, n);
        text += n ? n : 1;
    }
}
