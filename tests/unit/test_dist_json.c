#include "num/dist.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/unit.h"

static struct dist *read(const char *text, struct error *err)
{
    struct json_document *doc = json_parse(text, strlen(text), "d.json", err);
    if (!doc)
        return NULL;
    struct json root = json_root(doc);
    struct dist *d = dist_from_json(&root, err);
    json_free(doc);
    return d;
}

static const char *const good[] = {
    "85",
    "0",
    "0.1",
    "{\"distribution\": \"constant\", \"value\": 2.385}",
    "{\"distribution\": \"constant\", \"value\": 2.385, \"scale\": 3}",
    "{\"distribution\": \"uniform\", \"min\": 0.1, \"max\": 7.3}",
    "{\"distribution\": \"normal\", \"mean\": 340, \"sd\": 0.02}",
    "{\"distribution\": \"normal\", \"mean\": 340, \"cv\": 0.05, \"shift\": 1.5, \"scale\": 0.7, "
    "\"comment\": \"seen\"}",
    "{\"distribution\": \"normal\", \"mean\": 0, \"sd\": 3}",
    "{\"distribution\": \"lognormal\", \"mean\": 0.07, \"sd\": 0.03}",
    "{\"distribution\": \"lognormal\", \"mean\": 12, \"cv\": 0}",
    "{\"distribution\": \"exponential\", \"mean\": 1.25, \"shift\": -0.5}",
    "{\"distribution\": \"gamma\", \"mean\": 4.5, \"sd\": 2.3}",
    "{\"distribution\": \"weibull\", \"shape\": 1.7, \"scale\": 33.3}",
    "{\"distribution\": \"poisson\", \"mean\": 2.5}",
    "{\"distribution\": \"binomial\", \"n\": 9, \"p\": 0.25}",
    "{\"distribution\": \"geometric\", \"p\": 0.2, \"shift\": 1}",
    "{\"distribution\": \"weibull\", \"shape\": 1.7, \"scale\": 1}",
    "{\"distribution\": \"empirical\", \"values\": [3.1, 0.2, 7, 7, 1e-3]}",
    "{\"distribution\": \"empirical\", \"values\": [6.1, 0.2, 3, 7, 1e-8]}",
    "{\"distribution\": \"empirical\", \"quantiles\": [[0, 1.1], [0.3, 2.2], [0.7, 2.2], [1, 9]]}",
    "{\"distribution\": \"mixture\", \"weights\": [3, 1, 0.3], \"parts\": [5, {\"distribution\": "
    "\"normal\", \"mean\": 40, \"sd\": 3},"
    " {\"distribution\": \"mixture\", \"weights\": [0.1, 0.7], \"parts\": [{\"distribution\": "
    "\"exponential\", \"mean\": 0.3}, 2]}],"
    " \"scale\": 1.1}",
};

static void what_is_written_reads_back_equal(void)
{
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct error err = { "" };
        struct dist *d = read(good[i], &err);
        CU_ASSERT_PTR_NOT_NULL_FATAL(d);
        cJSON *json = dist_to_json(d);
        char *text = json_print(json);
        struct dist *again = read(text, &err);
        CU_ASSERT_PTR_NOT_NULL_FATAL(again);
        CU_ASSERT_STRING_EQUAL(dist_family(again), dist_family(d));
        unit_is(dist_mean(again), ==, dist_mean(d));
        unit_is(dist_sd(again), ==, dist_sd(d));
        for (double u = 0.001; u < 1; u += 0.0313)
            CU_ASSERT_EQUAL(dist_at(again, u), dist_at(d, u));
        free(text);
        cJSON_Delete(json);
        dist_free(again);
        dist_free(d);
    }
}

static void fields_mean_what_the_manual_says(void)
{
    struct dist *sd = read("{\"distribution\": \"lognormal\", \"mean\": 200, \"sd\": 10}", NULL);
    struct dist *cv = read("{\"distribution\": \"lognormal\", \"mean\": 200, \"cv\": 0.05, "
                           "\"scale\": 2, \"shift\": 7}",
                           NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(sd);
    CU_ASSERT_PTR_NOT_NULL_FATAL(cv);
    unit_alike(dist_mean(sd), 200, 1e-15);
    unit_alike(dist_sd(sd), 10, 1e-15);
    unit_alike(dist_mean(cv), 2 * 200 + 7, 1e-15);
    unit_alike(dist_sd(cv), 20, 1e-14);
    unit_alike(dist_at(cv, 0.42), 2 * dist_at(sd, 0.42) + 7, 1e-14);
    dist_free(sd);
    dist_free(cv);
}

/* Every way to be wrong, with a piece of the path and a piece of the sentence that must be said. */
static const struct { const char *text, *path, *says;
} bad[] = {
    { "\"fast\"", "d.json:1",
      "must be seconds: 90, \"90s\", \"10m\", \"1h30m\" or \"1:30:00\"; is \"fast\"" },
    { "[1, 2]", "d.json:1", "must be a number of seconds or an object" },
    { "-3", "d.json:1", "-3" },
    { "1e300", "d.json:1", "1e+15" },
    { "{\"mean\": 3}", "d.json:1", "distribution" },
    { "{\"distribution\": \"gauss\", \"mean\": 3}", "distribution", "lognormal" },
    { "{\"distribution\": 7}", "distribution", "string" },
    { "{\"distribution\": \"normal\", \"mean\": 3, \"sd\": 1, \"maen\": 3}", "maen", "mean" },
    { "{\"distribution\": \"exponential\", \"mean\": 3, \"sd\": 1}", "sd", "unknown" },
    { "{\"distribution\": \"constant\"}", "value", "" },
    { "{\"distribution\": \"constant\", \"value\": -1}", "value", "-1" },
    { "{\"distribution\": \"constant\", \"value\": 1, \"scale\": -2}", "scale", "-2" },
    { "{\"distribution\": \"constant\", \"value\": 1, \"shift\": \"x\"}", "shift", "seconds" },
    { "{\"distribution\": \"mixture\", \"weights\": [1], \"scale\": 1e15, \"parts\": "
      "[{\"distribution\": \"constant\", \"value\": 1e15,"
      " \"scale\": 1e15}]}",
      "d.json:1", "beyond" },
    { "{\"distribution\": \"uniform\", \"min\": 3, \"max\": 2}", "max", "below 'min'" },
    { "{\"distribution\": \"uniform\", \"min\": -1, \"max\": 2}", "min", "-1" },
    { "{\"distribution\": \"uniform\", \"min\": 1}", "max", "" },
    { "{\"distribution\": \"normal\", \"mean\": 3}", "d.json:1", "'sd'" },
    { "{\"distribution\": \"normal\", \"mean\": 3, \"sd\": 1, \"cv\": 0.1}", "d.json:1", "both" },
    { "{\"distribution\": \"normal\", \"sd\": 1}", "mean", "" },
    { "{\"distribution\": \"normal\", \"mean\": 3, \"sd\": -1}", "sd", "-1" },
    { "{\"distribution\": \"normal\", \"mean\": -3, \"sd\": 1}", "mean", "-3" },
    { "{\"distribution\": \"normal\", \"mean\": 3, \"cv\": -1}", "cv", "-1" },
    { "{\"distribution\": \"normal\", \"mean\": null, \"cv\": 1}", "mean", "null" },
    { "{\"distribution\": \"normal\", \"mean\": 1e999, \"cv\": 1}", "d.json:1", "" },
    { "{\"distribution\": \"lognormal\", \"mean\": 0, \"sd\": 1}", "mean", "0" },
    { "{\"distribution\": \"lognormal\", \"mean\": 1, \"sd\": 101}", "sd", "100 times the mean" },
    { "{\"distribution\": \"lognormal\", \"mean\": 1, \"cv\": 101}", "cv", "100" },
    { "{\"distribution\": \"normal\", \"mean\": 340, \"cv\": 0.7e15}", "cv",
      "an sd of 2.38e+17, which must be at most 1e+15" },
    { "{\"distribution\": \"exponential\", \"mean\": -1}", "mean", "-1" },
    { "{\"distribution\": \"gamma\", \"mean\": 1, \"sd\": 11}", "sd", "10 times the mean" },
    { "{\"distribution\": \"gamma\", \"mean\": 1, \"sd\": 1e-6}", "d.json:1", "normal" },
    { "{\"distribution\": \"weibull\", \"shape\": 2}", "scale", "" },
    { "{\"distribution\": \"weibull\", \"scale\": 2}", "shape", "" },
    { "{\"distribution\": \"weibull\", \"shape\": 0, \"scale\": 2}", "shape", "0" },
    { "{\"distribution\": \"empirical\"}", "d.json:1", "exactly one of" },
    { "{\"distribution\": \"empirical\", \"values\": [1], \"quantiles\": [[0, 1], [1, 2]]}",
      "d.json:1", "exactly one of" },
    { "{\"distribution\": \"empirical\", \"values\": []}", "values", "at least one" },
    { "{\"distribution\": \"empirical\", \"values\": 3}", "values", "array" },
    { "{\"distribution\": \"empirical\", \"values\": [1, -2]}", "values[1]", "-2" },
    { "{\"distribution\": \"empirical\", \"values\": [1, \"x\"]}", "values[1]", "seconds" },
    { "{\"distribution\": \"empirical\", \"quantiles\": [[0, 1]]}", "quantiles", "at least two" },
    { "{\"distribution\": \"empirical\", \"quantiles\": [[0, 1], 2]}", "quantiles[1]", "array" },
    { "{\"distribution\": \"empirical\", \"quantiles\": [[0, 1], [1]]}", "quantiles[1]",
      "[probability, value]" },
    { "{\"distribution\": \"empirical\", \"quantiles\": [[0.1, 1], [1, 2]]}", "quantiles[0]",
      "probability 0" },
    { "{\"distribution\": \"empirical\", \"quantiles\": [[0, 1], [0.9, 2]]}", "quantiles",
      "probability 1" },
    { "{\"distribution\": \"empirical\", \"quantiles\": [[0, 1], [0.5, 2], [0.5, 3], [1, 4]]}",
      "quantiles[2]", "ascend" },
    { "{\"distribution\": \"empirical\", \"quantiles\": [[0, 1], [0.5, 3], [1, 2]]}",
      "quantiles[2]", "descend" },
    { "{\"distribution\": \"empirical\", \"quantiles\": [[0, 1], [1.5, 3]]}", "quantiles[1]",
      "1.5" },
    { "{\"distribution\": \"mixture\", \"weights\": [1]}", "parts", "" },
    { "{\"distribution\": \"mixture\", \"parts\": [1]}", "weights", "" },
    { "{\"distribution\": \"mixture\", \"parts\": [], \"weights\": []}", "parts", "at least one" },
    { "{\"distribution\": \"mixture\", \"parts\": [1, 2], \"weights\": [1]}", "weights",
      "2 parts and 1 weights" },
    { "{\"distribution\": \"mixture\", \"parts\": [1, 2], \"weights\": [1, 0]}", "weights[1]",
      "0" },
    { "{\"distribution\": \"mixture\", \"parts\": [1, 2], \"weights\": [1, -1]}", "weights[1]",
      "-1" },
    { "{\"distribution\": \"mixture\", \"parts\": [1, {\"distribution\": \"normal\", \"mean\": 1, "
      "\"sd\": -1}], \"weights\": [1, 1]}",
      "parts[1].sd", "-1" },
};

static void bad_input_is_refused_with_its_path(void)
{
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct error err = { "" };
        struct dist *d = read(bad[i].text, &err);
        bool said = !d && strstr(err.text, bad[i].path) && strstr(err.text, bad[i].says);
        CU_ASSERT(said);
        if (!said)
            printf("%s\n    -> %s\n", bad[i].text, d ? "accepted" : err.text);
        dist_free(d);
    }
}

static void every_family_is_listed_and_read_by_its_name(void)
{
    CU_ASSERT_EQUAL(dist_family_count(), 12);
    for (size_t i = 0; i < dist_family_count(); i++) {
        bool met = false;
        unit_is(strlen(dist_family_summary(i)), >, 10);
        for (size_t k = 3; k < sizeof good / sizeof *good; k++) {
            struct dist *d = read(good[k], NULL);
            met = met || (d && strcmp(dist_family(d), dist_family_name(i)) == 0);
            dist_free(d);
        }
        CU_ASSERT(met);
    }
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(what_is_written_reads_back_equal),
        UNIT_TEST(fields_mean_what_the_manual_says),
        UNIT_TEST(bad_input_is_refused_with_its_path),
        UNIT_TEST(every_family_is_listed_and_read_by_its_name),
        { NULL, NULL },
    };
    return unit_run("dist_json", tests);
}
