#include "traces/importer/base64.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

static int value_of(char c)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = c ? strchr(digits, c == '-' ? '+' : c == '_' ? '/' : c) : NULL;
    return at ? (int)(at - digits) : -1;
}

unsigned char *base64_decode(const char *text, size_t *size)
{
    size_t n = strcspn(text, "=");
    unsigned char *bytes = xmalloc(n / 4 * 3 + 4);
    uint32_t bits = 0;
    int held = 0;
    *size = 0;
    for (size_t i = 0; i < n; i++) {
        int v = value_of(text[i]);
        if (v < 0) {
            free(bytes);
            return NULL;
        }
        bits = bits << 6 | (uint32_t)v;
        held += 6;
        if (held < 8)
            continue;
        held -= 8;
        bytes[(*size)++] = (unsigned char)(bits >> held);
    }
    return bytes;
}
