/* Any bytes as a profile: the whole at once and byte by byte give the same records; times are
 * numbers or NAN. */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "traces/importer/radical_profile.h"

static struct radical_profile read_in_blocks(const uint8_t *data, size_t size, size_t block)
{
    struct radical_profile p = { .records = radical_records_new() };
    radical_profile_begin(&p);
    for (size_t at = 0; at < size; at += block)
        radical_profile_feed(&p, (const char *)data + at, size - at < block ? size - at : block);
    radical_profile_end(&p);
    return p;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct radical_profile whole = read_in_blocks(data, size, size + 1),
                           parts = read_in_blocks(data, size, 7);
    struct radical_totals a = radical_records_totals(whole.records),
                          b = radical_records_totals(parts.records);
    assert(whole.lines == parts.lines && whole.torn == parts.torn && a.rows == b.rows &&
           a.conflicts == b.conflicts && a.n_runs == b.n_runs);
    assert(radical_records_count(whole.records) == radical_records_count(parts.records));
    for (size_t i = 0; i < radical_records_count(whole.records); i++) {
        const struct radical_entity *e = radical_records_at(whole.records, i);
        assert(e->uid[0] && strcmp(e->uid, radical_records_at(parts.records, i)->uid) == 0);
        for (int k = 0; k < SESSION_EVENTS; k++)
            assert(!isinf(e->at[k]));
    }
    radical_records_free(whole.records);
    radical_records_free(parts.records);
    radical_profile_clear(&whole);
    radical_profile_clear(&parts);
    return 0;
}
