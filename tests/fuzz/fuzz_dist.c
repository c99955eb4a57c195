/* A distribution that dist_from_json() takes has finite moments and samples, a monotone CDF, and
 * reads back equal. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_errno.h>

#include "num/dist.h"
#include "tests/fuzz/fuzz.h"

static void use(const struct dist *d)
{
    static const double u[] = { 0x1p-53, 0.001, 0.31, 0.5, 0.77, 0.999, 1 - 0x1p-53 };
    assert(isfinite(dist_mean(d)) && isfinite(dist_sd(d)) && dist_sd(d) >= 0);
    for (size_t i = 0; i < sizeof u / sizeof *u; i++) {
        double x = dist_at(d, u[i]), p = dist_cdf(d, x);
        assert(isfinite(x) && p >= 0 && p <= 1 && !isnan(dist_quantile(d, u[i])));
    }
    assert(dist_expected_max(d, 1) == dist_mean(d));
}

static struct dist *read_back(const struct dist *d)
{
    cJSON *json = dist_to_json(d);
    char *text = json_print(json);
    struct error err = { "" };
    struct json_document *doc = json_parse(text, strlen(text), "printed", &err);
    assert(doc);
    struct json root = json_root(doc);
    struct dist *again = dist_from_json(&root, &err);
    assert(again);
    json_free(doc);
    free(text);
    cJSON_Delete(json);
    return again;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error err = { "" };
    gsl_set_error_handler_off();
    struct json_document *doc = json_parse((const char *)data, size, "f", &err);
    if (!doc)
        return 0;
    struct json root = json_root(doc);
    struct dist *d = dist_from_json(&root, &err);
    assert(d || err.text[0]);
    if (d) {
        use(d);
        struct dist *again = read_back(d);
        assert(dist_mean(again) == dist_mean(d) && dist_sd(again) == dist_sd(d) &&
               dist_at(again, 0.31) == dist_at(d, 0.31));
        dist_free(again);
    }
    dist_free(d);
    json_free(doc);
    return 0;
}
