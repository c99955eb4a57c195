#include "doc/html_text.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define REPLACEMENT "\xEF\xBF\xBD" /* U+FFFD */

/* ---- texts ---- */

/* Bytes of the UTF-8 character at `c`; 0 if it is invalid: overlong, a surrogate, cut off. */
static size_t character_at(const unsigned char *c, uint32_t *code)
{
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    size_t n = c[0] < 0x80                   ? 1
               : c[0] >= 0xF0 && c[0] < 0xF8 ? 4
               : c[0] >= 0xE0 && c[0] < 0xF0 ? 3
               : c[0] >= 0xC0 && c[0] < 0xE0 ? 2
                                             : 0;

    if (n == 0)
        return 0;
    *code = n == 1 ? c[0] : c[0] & (0xFFu >> (n + 1));
    for (size_t i = 1; i < n; i++) {
        if ((c[i] & 0xC0) != 0x80)
            return 0;
        *code = *code << 6 | (c[i] & 0x3F);
    }
    return *code >= least[n] && *code <= 0x10FFFF && (*code < 0xD800 || *code > 0xDFFF) ? n : 0;
}

static const char *escape_of(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

/* Those that turn the direction of what follows, too: within a sentence nothing isolates a name. */
static bool is_control(uint32_t code)
{
    return (code < 0x20 && code != '\n' && code != '\t') || (code >= 0x7F && code < 0xA0) ||
           (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
}

void html_add_text(struct str *out, const char *text)
{
    while (*text) {
        uint32_t code;
        size_t n = character_at((const unsigned char *)text, &code);
        const char *escape = escape_of(*text);

        if (n == 0 || is_control(code))
            str_add(out, REPLACEMENT);
        else if (escape)
            str_add(out, escape);
        else
            str_add_n(out, text, n);
        text += n ? n : 1;
    }
}

/* A word longer than that has to break somewhere. */
enum { WORD_MOST = 40 };

static bool has_long_word(const char *text)
{
    size_t n = 0;

    for (; *text && n <= WORD_MOST; text++)
        n = *text == ' ' ? 0 : n + 1;
    return n > WORD_MOST;
}

void html_add_name(struct str *out, const char *name)
{
    str_add(out, has_long_word(name) ? "<bdi class=\"long\">" : "<bdi>");
    html_add_text(out, name);
    str_add(out, "</bdi>");
}

/* Outside of strings JSON has no <, > or &, so they may be escaped anywhere. cJSON writes control
 * characters without a letter of their own as \u00XX, and nothing else. */
void html_add_json(struct str *out, const cJSON *value)
{
    char *text = cJSON_PrintUnformatted(value);

    for (const char *c = text; c && *c; c++) {
        if (*c == '<' || *c == '>' || *c == '&') {
            str_addf(out, "\\u%04x", (unsigned)*c);
        } else if (*c == '\\' && c[1] == 'u') {
            str_add(out, REPLACEMENT);
            c += strlen("\\u00XX") - 1;
        } else if (*c == '\\') {
            str_add_n(out, c++, 2);
        } else {
            str_add_n(out, c, 1);
        }
    }
    cJSON_free(text);
}
