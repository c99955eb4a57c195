#include "base/utf8.h"

#include <stdint.h>
#include <stdlib.h>
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
    uint64_t all = 0, word;
    size_t i = 0;
    for (; i + sizeof word <= n; i += sizeof word, all |= word)
        memcpy(&word, text + i, sizeof word);
    for (; i < n; i++)
        all |= (unsigned char)text[i];
    return !(all & UINT64_C(0x8080808080808080));
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

/* --- byte order marks ------------------------------------------------------------------------- */

enum {
    SURROGATE = 0xd800, SURROGATE_LOW = 0xdc00, SURROGATE_END = 0xe000, BEYOND = 0x10000,
    REPLACEMENT = 0xfffd,
};

static void add_code(struct str *out, unsigned code)
{
    char bytes[4];
    size_t n = code < 0x80 ? 1 : code < 0x800 ? 2 : code < BEYOND ? 3 : 4;
    static const unsigned char first[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
    for (size_t k = n - 1; k > 0; k--, code >>= 6)
        bytes[k] = (char)(0x80 | (code & 0x3f));
    bytes[0] = (char)(first[n] | code);
    str_add_n(out, bytes, n);
}

static unsigned unit_at(const unsigned char *p, bool big_end)
{
    return big_end ? (unsigned)p[0] << 8 | p[1] : (unsigned)p[1] << 8 | p[0];
}

static char *from_utf16(const unsigned char *p, size_t n, bool big_end, size_t *size)
{
    struct str out = { 0 };
    str_add(&out, "");
    for (size_t i = 0; i + 1 < n; i += 2) {
        unsigned code = unit_at(p + i, big_end), low = i + 3 < n ? unit_at(p + i + 2, big_end) : 0;
        bool high = code >= SURROGATE && code < SURROGATE_LOW,
             pair = high && low >= SURROGATE_LOW && low < SURROGATE_END;
        if (pair) {
            code = BEYOND + ((code - SURROGATE) << 10) + (low - SURROGATE_LOW);
            i += 2;
        } else if (code >= SURROGATE && code < SURROGATE_END) {
            code = REPLACEMENT;
        }
        add_code(&out, code);
    }
    *size = out.length;
    return str_take(&out);
}

size_t utf8_from_marked(char **text, size_t size)
{
    const unsigned char *p = (const unsigned char *)*text;
    if (size >= 3 && !memcmp(p, "\xef\xbb\xbf", 3)) {
        memmove(*text, *text + 3, size - 3 + 1);
        return size - 3;
    }
    bool little = size >= 2 && !memcmp(p, "\xff\xfe", 2),
         big = size >= 2 && !memcmp(p, "\xfe\xff", 2);
    if (!little && !big)
        return size;
    char *converted = from_utf16(p + 2, size - 2, big, &size);
    free(*text);
    *text = converted;
    return size;
}
