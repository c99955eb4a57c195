#include "tests/real/shared.h"

#include <stdlib.h>

#include "base/file.h"
#include "base/str.h"
#include "tests/support/unit.h"
#include "traces/importer.h"
#include "validation/profile_choice.h"

const struct shared_run shared_runs[SHARED_RUNS] = {
    [SHARED_DDMD] = { "summit-async", "re.session.login2.pascuzzi.019224.0001", 1660.1, 1575.1 },
    [SHARED_DG1] = { "summit-async", "re.session.login1.pascuzzi.019225.0000", 1902.5, 1880.1 },
    [SHARED_DG1_ASYNC] = { "summit-async", "re.session.login1.pascuzzi.019225.0001", 0, 0 },
    [SHARED_DG2] = { "summit-async", "re.session.login5.pascuzzi.019221.0000", 1800.1, 1774.4 },
    [SHARED_DG1_RP] = { "summit-async", "rp.session.login4.okilic1.019489.0010", 0, 0 },
    [SHARED_BAG_2] = { "summit-prrte", "rp.session.login4.mturilli1.018443.0002", 0, 0 },
    [SHARED_BAG_4] = { "summit-prrte", "rp.session.login4.mturilli1.018444.0003", 0, 0 },
};

struct session *shared_session_at(const char *file)
{
    if (!unit_shared_dir()) {
        unit_skip("no ../shared");
        return NULL;
    }
    char *path = str_format("%s/traces/%s", unit_shared_dir(), file);
    struct error err = { "" };
    struct session *s = file_exists(path) ? importer_load(path, NULL, &err) : NULL;
    if (!file_exists(path))
        unit_skip("a session is not there");
    else if (!s)
        CU_FAIL(err.text);
    free(path);
    return s;
}

struct session *shared_session(int run)
{
    char *file = str_format("%s/%s.tgz", shared_runs[run].folder, shared_runs[run].name);
    struct session *s = shared_session_at(file);
    free(file);
    return s;
}

struct middleware *shared_profile(const struct session *s)
{
    static const char *const dirs[] = { "traces", NULL };
    struct error err = { "" };
    struct profile_choice c;
    if (profile_choose(&c, s, NULL, dirs, &err))
        puts(err.text);
    CU_ASSERT_PTR_NOT_NULL_FATAL(c.profile);
    return c.profile;
}
