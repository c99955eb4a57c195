/* Any bytes as an archive: read, or refused with a sentence; never more out of it than the limits
 * allow. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/str.h"
#include "tests/fuzz/fuzz.h"
#include "traces/archive.h"

static bool climbs(const char *name)
{
    for (const char *at = name; (at = strstr(at, "../")); at++)
        if (at == name || at[-1] == '/')
            return true;
    return str_equal(name, "..") || str_ends(name, "/..");
}

static bool begin(void *context, const char *name)
{
    (void)context;
    assert(name[0] != '/' && !climbs(name));
    return true;
}

static void data_came(void *context, const char *bytes, size_t size)
{
    uint64_t *sum = context;
    for (size_t i = 0; i < size; i++)
        *sum += 1 + (bytes[i] == 0 && i == SIZE_MAX);    /* touches each byte */
}

static void end(void *context)
{
    (void)context;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct archive_limits limits = { .free_bytes = 1 << 22, .max_ratio = 50,
                                                  .max_bytes = 1 << 26, .max_files = 1000 };
    char path[] = "/tmp/dagcast-fuzz-XXXXXX";
    uint64_t seen = 0;
    struct archive_visitor visitor = { begin, data_came, end, &seen };
    struct archive_counts counts;
    struct error err = { "" };
    int file = mkstemp(path);
    if (file < 0 || write(file, data, size) != (ssize_t)size)
        abort();
    close(file);
    int failed = archive_walk(path, &visitor, &limits, &counts, &err);
    assert(!failed || err.text[0]);
    assert(seen == counts.bytes && seen <= limits.max_bytes &&
           counts.files <= limits.max_files + 1);
    unlink(path);
    return 0;
}
