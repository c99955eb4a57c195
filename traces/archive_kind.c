/* Which bytes are an archive. */
#include <string.h>

#include "base/str.h"
#include "traces/archive.h"

enum { TAR_CHECKSUM = 148, TAR_CHECKSUM_BYTES = 8 };

size_t archive_name_length(const char *name)
{
    static const char *const endings[] = { ".tar", ".tgz", ".tar.gz", ".tbz", ".tbz2", ".tar.bz2",
                                           ".tar.xz", ".txz",
                                           ".tar.zst", ".tzst", ".zip", NULL };
    for (size_t i = 0; endings[i]; i++)
        if (str_ends(name, endings[i]))
            return strlen(name) - strlen(endings[i]);
    return strlen(name);
}

bool archive_name_is_archive(const char *name)
{
    return name[archive_name_length(name)] != '\0';
}

/* A tar has no magic number in its oldest form: each header's bytes sum to an octal number in it,
 * the number itself read as blanks. */
static bool is_tar_header(const unsigned char *head)
{
    unsigned long sum = 0, stated = 0;
    const unsigned char *c = head + TAR_CHECKSUM, *end = c + TAR_CHECKSUM_BYTES;
    for (size_t i = 0; i < ARCHIVE_HEAD_BYTES; i++)
        sum += i >= TAR_CHECKSUM && i < TAR_CHECKSUM + TAR_CHECKSUM_BYTES ? ' ' : head[i];
    while (c < end && *c == ' ')
        c++;
    for (; c < end && *c >= '0' && *c <= '7'; c++)
        stated = stated * 8 + (*c - '0');
    return head[0] && stated == sum;
}

bool archive_bytes_are_packed(const void *bytes, size_t n)
{
    static const struct { const char *bytes; size_t n; } magic[] = {
        { "\x1f\x8b\x08", 3 }, { "BZh", 3 }, { "\xfd" "7zXZ\0", 6 }, { "\x28\xb5\x2f\xfd", 4 },
    };
    for (size_t i = 0; i < sizeof magic / sizeof *magic; i++)
        if (n >= magic[i].n && !memcmp(bytes, magic[i].bytes, magic[i].n))
            return true;
    return false;
}

bool archive_bytes_are_archive(const void *bytes, size_t n)
{
    bool zip = n >= 4 && (!memcmp(bytes, "PK\x03\x04", 4) || !memcmp(bytes, "PK\x05\x06", 4));
    return zip || archive_bytes_are_packed(bytes, n) ||
           (n >= ARCHIVE_HEAD_BYTES && is_tar_header(bytes));
}
