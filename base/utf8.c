#include "base/utf8.h"

#include <string.h>

/* The table of well-formed sequences of the Unicode standard (3.9). */
size_t utf8_length(const char *text, size_t left)
{
    static const struct { unsigned char first, last, second_low, second_high, length; } rows[] = {
        { 0xc2, 0xdf, 0x80, 0xbf, 2 }, { 0xe0, 0xe0, 0xa0, 0xbf, 3 }, { 0xe1, 0xec, 0x80, 0xbf, 3 },
        { 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 }, { 0xf0, 0xf0, 0x90, 0xbf, 4 },
        { 0xf1, 0xf3, 0x80, 0xbf, 4 }, { 0xf4, 0xf4, 0x80, 0x8f, 4 },
    };
    const unsigned char *p = (const unsigned char *)text;
    if (p[0] < 0x80)
        return 1;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (p[0] < rows[i].first || p[0] > rows[i].last)
            continue;
        if (left < rows[i].length || p[1] < rows[i].second_low || p[1] > rows[i].second_high)
            return 0;
        for (size_t k = 2; k < rows[i].length; k++)
            if (p[k] < 0x80 || p[k] > 0xbf)
                return 0;
        return rows[i].length;
    }
    return 0;
}

static bool is_ascii(const char *text, size_t n)
{
    unsigned char all = 0;
    for (size_t i = 0; i < n; i++)
        all |= (unsigned char)text[i];
    return all < 0x80;
}

bool utf8_is_valid(const char *text, size_t n)
{
    if (is_ascii(text, n))
        return true;
    for (size_t i = 0, length; i < n; i += length)
        if (!(length = utf8_length(text + i, n - i)))
            return false;
    return true;
}

void utf8_add_escaped(struct str *out, const char *text, size_t n)
{
    for (size_t i = 0, length; i < n; i += length ? length : 1) {
        length = utf8_length(text + i, n - i);
        if (length)
            str_add_n(out, text + i, length);
        else
            str_addf(out, "\\x%02x", (unsigned)(unsigned char)text[i]);
    }
}
