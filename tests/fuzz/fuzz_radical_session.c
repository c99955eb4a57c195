/* Any bytes as a session: what stands before the first line "%%" is its JSON, the rest its
 * profiles. What is imported can be reported, and its workflow at each level is one that
 * workflow_finish() accepts. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/str.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/session_shown.h"
#include "traces/importer/importers.h"
#include "traces/session_workflow.h"

static void use(struct session *s)
{
    struct error err = { "" };
    session_shown(s);
    for (int level = 0; level < INFORMATION_LEVELS; level++) {
        struct workflow *w = session_workflow(s, (enum information)level, NULL, &err);
        assert(w || err.text[0]);
        workflow_free(w);
    }
    session_free(s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char folder[] = "/tmp/dagcast-fuzz-XXXXXX";
    struct error err = { "" };
    size_t json = 0;
    while (json + 4 <= size && memcmp(data + json, "\n%%\n", 4) != 0)
        json++;
    size_t rest = json + 4 <= size ? json + 4 : size;
    json = rest == size ? 0 : json;
    rest = json ? rest : 0;
    if (!mkdtemp(folder))
        abort();
    char *description = str_format("%s/rp.session.x.json", folder),
         *profile = str_format("%s/a.prof", folder);
    if ((json && file_save(description, data, json, &err)) ||
        file_save(profile, data + rest, size - rest, &err))
        abort();
    struct session *s = importer_radical_session.load(folder, &err);
    assert(s || err.text[0]);
    if (s)
        use(s);
    unlink(description);
    unlink(profile);
    rmdir(folder);
    free(description);
    free(profile);
    return 0;
}
