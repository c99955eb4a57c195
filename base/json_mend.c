#include "base/json_mend.h"

#include <stdbool.h>
#include <string.h>

#include "base/str.h"
#include "base/utf8.h"

enum { ESCAPE_BYTES = 6 };               /* \u0000 */

/* The code of the \uNNNN at p; -1: there is none. */
static long code_at(const char *p, const char *end)
{
    long code = 0;
    if (end - p < ESCAPE_BYTES || p[0] != '\\' || p[1] != 'u')
        return -1;
    for (int i = 2; i < ESCAPE_BYTES; i++) {
        static const char digits[] = "0123456789abcdef";
        const char *digit =
            p[i] ? strchr(digits, p[i] >= 'A' && p[i] <= 'F' ? p[i] - 'A' + 'a' : p[i]) : NULL;
        if (!digit)
            return -1;
        code = code * 16 + (digit - digits);
    }
    return code;
}

static bool is_high(long code) { return code >= 0xd800 && code <= 0xdbff; }
static bool is_low(long code) { return code >= 0xdc00 && code <= 0xdfff; }

/* An escape, which begins with a backslash. Returns its bytes. */
static size_t add_escape(struct str *out, const char *p, const char *end, size_t *replaced)
{
    long code = code_at(p, end);
    if (is_high(code) && is_low(code_at(p + ESCAPE_BYTES, end))) {
        str_add_n(out, p, (size_t)2 * ESCAPE_BYTES);
        return (size_t)2 * ESCAPE_BYTES;
    }
    if (code == 0 || is_high(code) || is_low(code)) {
        ++*replaced;
        if (code >= 0xdc80 && code <= 0xdcff)
            str_addf(out, "\\\\x%02lx", code & 0xff);
        else
            str_add(out, "\\ufffd");
        return ESCAPE_BYTES;
    }
    size_t n = end - p > 1 && utf8_length(p + 1, (size_t)(end - p - 1)) == 1 ? 2 : 1;
    str_add_n(out, p, n);
    return n;
}

char *json_mend(const char *text, size_t size, size_t *mended_size, size_t *replaced)
{
    struct str out = { 0 };
    const char *end = text + size;
    *replaced = 0;
    for (const char *p = text, *plain; p < end; ) {
        for (plain = p; p < end && *p != '\\' && (unsigned char)*p < 0x80; p++)
            continue;
        str_add_n(&out, plain, (size_t)(p - plain));
        if (p == end)
            break;
        size_t n = *p == '\\' ? 0 : utf8_length(p, (size_t)(end - p));
        if (*p == '\\') {
            p += add_escape(&out, p, end, replaced);
        } else if (n) {
            str_add_n(&out, p, n);
            p += n;
        } else {
            str_addf(&out, "\\\\x%02x", (unsigned)(unsigned char)*p++);
            ++*replaced;
        }
    }
    *mended_size = out.length;
    return str_take(&out);
}
