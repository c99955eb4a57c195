#include "base/json_find.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

static const char *past_space(const char *p)
{
    while (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r')
        p++;
    return p;
}

static const char *past_string(const char *p)
{
    for (p++; *p != '"'; p++)
        p += *p == '\\';
    return p + 1;
}

/* Behind the value at `p` and the blanks there, which is a ',' or a closing bracket. */
static const char *past_value(const char *p)
{
    for (int open = 0;;) {
        if (*p == '"') {
            p = past_string(p);
            continue;
        }
        if (open == 0 && (*p == ',' || *p == ']' || *p == '}'))
            return p;
        open += (*p == '[' || *p == '{') - (*p == ']' || *p == '}');
        assert(*p != '\0' && open >= 0);
        p++;
    }
}

const char *json_find(const char *text, const size_t *way, size_t depth)
{
    const char *p = past_space(text), *named = p;
    for (size_t k = 0; k < depth; k++) {
        bool object = *p == '{';
        assert(object || *p == '[');
        p = past_space(p + 1);
        for (size_t i = 0;; i++) {
            named = p;
            if (object)
                p = past_space(past_space(past_string(p)) + 1);
            if (i == way[k])
                break;
            p = past_space(past_value(p) + 1);
        }
    }
    return named;
}

size_t json_find_line(const char *text, const size_t *way, size_t depth)
{
    const char *at = json_find(text, way, depth);
    size_t line = 1;
    for (const char *p = text; (p = memchr(p, '\n', (size_t)(at - p))); p++)
        line++;
    return line;
}
