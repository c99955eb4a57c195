#include "base/schema.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/unit.h"

struct wheel { char *maker; double size_s; };
struct car {
    char *name;
    double range_s, weight;
    int64_t memory_mib;
    int doors;
    bool old;
    unsigned colour;
    struct wheel spare;
    size_t n_wheels, n_ids;
    struct wheel *wheels;
    int *ids;
    double rate[2];
    struct number_list speeds;
};

static const char *const colours[] = { "red", "green", NULL };
static const char *rate_name(int i)
{
    return i ? "fuel.rear" : "fuel.front";
}
static const struct schema_field wheel_fields[] = {
    { "maker", &schema_text, SCHEMA_AT(struct wheel, maker), .required = true,
      .help = "who made it" },
    { "size", &schema_number, SCHEMA_AT(struct wheel, size_s), .unit = QUANTITY_SECONDS, .max = 1e6,
      .initial = 2, .help = "how large" },
};
static const struct schema wheel = { "wheel", SCHEMA_FIELDS(wheel_fields),
                                     .size = sizeof(struct wheel), .title = "A wheel" };
static const struct schema_field fuel_fields[] = {
    { .type = &schema_number, SCHEMA_AT(struct car, rate[0]), .repeat = 2, .stride = sizeof(double),
      .key_of = rate_name, .initial = 0.5, .max = 10, .help = "a rate" },
    { "old", &schema_bool, SCHEMA_AT(struct car, old), .help = "is it old" },
};
static const struct schema fuel = { "fuel", SCHEMA_FIELDS(fuel_fields), .dotted = true };

static int check_car(const struct json *at, void *object, struct error *err)
{
    const struct car *c = object;
    return c->doors < 9 ? 0 : json_error(at, err, "has %d doors", c->doors);
}

#define CAR(member) SCHEMA_AT(struct car, member)
static const struct schema_field car_fields[] = {
    { "name", &schema_text, CAR(name), .otherwise = "car", .help = "shown" },
    { "range", &schema_number, CAR(range_s), .unit = QUANTITY_SECONDS, .max = 1e9, .required = true,
      .help = "how long it drives" },
    { "weight", &schema_number, CAR(weight), .initial = 1.5, .always = true, .help = "t" },
    { "memory", &schema_integer, CAR(memory_mib), .unit = QUANTITY_MIB, .max = 1099511627776.0,
      .help = "of its computer" },
    { "doors", &schema_integer, CAR(doors), .min = 1, .max = 10, .initial = 4, .help = "doors" },
    { "colour", &schema_choice, CAR(colour), .choices = colours, .min = 1, .help = "colour" },
    { "spare", &schema_object, CAR(spare), .of = &wheel, .help = "a wheel" },
    { "wheels", &schema_list, CAR(wheels), .count = offsetof(struct car, n_wheels), .of = &wheel,
      .help = "wheels" },
    { "ids", &schema_integers, CAR(ids), .count = offsetof(struct car, n_ids), .max = 9,
      .help = "numbers" },
    { "speeds", &schema_numbers, CAR(speeds), .max = 300, .help = "of a trip" },
    { "details", &schema_object, .of = &fuel, .help = "details" },
    { "notes", &schema_ignored, .help = "for people" },
};
static const struct schema car = { "car", SCHEMA_FIELDS(car_fields), .size = sizeof(struct car),
                                   .title = "A car", .check = check_car };

static int read_car(const char *text, struct car *c, struct error *err)
{
    struct json_document *doc = json_parse(text, strlen(text), "c", err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(doc);
    struct json root = json_root(doc);
    memset(c, 0, sizeof *c);
    int status = schema_read(&car, &root, c, err);
    json_free(doc);
    return status;
}

static char *saved(const struct car *c)
{
    cJSON *out = cJSON_CreateObject();
    schema_save(&car, c, out);
    char *text = cJSON_PrintUnformatted(out);
    cJSON_Delete(out);
    return text;
}

static void refuse(const char *text, const char *sentence)
{
    struct error err = { "" };
    struct car c;
    CU_ASSERT_EQUAL(read_car(text, &c, &err), -1);
    if (strcmp(err.text, sentence) != 0)
        printf("got: %s\n", err.text);
    CU_ASSERT_STRING_EQUAL(err.text, sentence);
    schema_clear(&car, &c);
}

static const char full[] =
    "{\"range\":5400,\"weight\":2.5,\"memory\":4096,\"doors\":3,\"colour\":\"green\","
    "\"spare\":{\"maker\":\"a\"},\"wheels\":[{\"maker\":\"b\",\"size\":3},{\"maker\":\"c\"}],"
    "\"ids\":[7,0],\"speeds\":[0.25,null,91],\"details\":{\"fuel\":{\"rear\":4},\"old\":true}}";

static void reads_what_it_saved(void)
{
    struct error err = { "" };
    struct car c;
    CU_ASSERT_EQUAL(read_car(full, &c, &err), 0);
    CU_ASSERT_STRING_EQUAL(err.text, "");
    CU_ASSERT_STRING_EQUAL(c.name, "car");
    unit_near(c.rate[0], 0.5, 0);
    unit_near(c.wheels[1].size_s, 2, 0);
    CU_ASSERT_EQUAL(c.colour, 2);
    char *text = saved(&c);
    CU_ASSERT_STRING_EQUAL(text, full);
    free(text);
    schema_clear(&car, &c);
}

static void defaults_are_omitted(void)
{
    struct error err = { "" };
    struct car c;
    CU_ASSERT_EQUAL(
        read_car("{\"_x\": 1, \"comment\": 2, \"name\": \"car\", \"range\": 0, \"doors\": 4,"
                 " \"notes\": [1]}",
                 &c, &err),
        0);
    char *text = saved(&c);
    CU_ASSERT_STRING_EQUAL(text, "{\"range\":0,\"weight\":1.5}");
    free(text);
    schema_clear(&car, &c);
}

static void copies_own_what_they_hold(void)
{
    struct error err = { "" };
    struct car c, copy;
    CU_ASSERT_EQUAL(read_car(full, &c, &err), 0);
    copy = c;
    schema_copy(&car, &copy);
    schema_clear(&car, &c);
    char *text = saved(&copy);
    CU_ASSERT_STRING_EQUAL(text, full);
    free(text);
    schema_clear(&car, &copy);
}

static void units(void)
{
    struct error err = { "" };
    struct car c;
    CU_ASSERT_EQUAL(read_car("{\"range\": \"1:30:00\", \"memory\": \"4 GiB\"}", &c, &err), 0);
    unit_near(c.range_s, 5400, 0);
    CU_ASSERT_EQUAL(c.memory_mib, 4096);
    schema_clear(&car, &c);
    refuse("{\"range\": \"soon\"}",
           "c:1: range: must be seconds: 90, \"90s\", \"10m\", \"1h30m\" or "
           "\"1:30:00\"; is \"soon\"");
    refuse("{\"range\": \"40000d\"}",
           "c:1: range: must be between 0 and 1000000000 seconds, is \"40000d\"");
}

static void errors(void)
{
    refuse("[]", "c:1: must be an object, is an array");
    refuse("{\"rnge\": 1}", "c:1: rnge: unknown field 'rnge'; did you mean 'range'?");
    refuse("{}", "c:1: range: must be a number, is missing");
    refuse("{\"range\": 1,\n\"doors\": 0}", "c:2: doors: must be between 1 and 10, is 0");
    refuse("{\"range\": 1, \"doors\": 9}", "c:1: has 9 doors");
    refuse("{\"range\": 1, \"colour\": \"blue\"}",
           "c:1: colour: must be one of red, green, is \"blue\"");
    refuse("{\"range\": 1, \"wheels\": [{\"maker\": \"a\"}, {\"size\": 1}]}",
           "c:1: wheels[1].maker: must be a string, is missing");
    refuse("{\"range\": 1, \"speeds\": [null, 301]}",
           "c:1: speeds[1]: must be between 0 and 300, is 301");
    refuse("{\"range\": 1, \"ids\": [1, 12]}", "c:1: ids[1]: must be between 0 and 9, is 12");
    refuse("{\"range\": 1, \"details\": {\"fuel\": {\"raer\": 1}}}",
           "c:1: details.fuel.raer: unknown field 'raer'; did you mean 'rear'?");
    refuse("{\"range\": 1, \"details\": {\"xyz\": 1}}",
           "c:1: details.xyz: unknown field 'xyz'; known here: fuel, old");
    refuse("{\"range\": 1, \"details\": {\"fuel.rear\": 1}}",
           "c:1: details.fuel.rear: unknown field 'fuel.rear'; "
           "write it as \"fuel\": {\"rear\": ...}");
    refuse("{\"range\": 1, \"details\": {\"fuel\": {\"rear\": 11}}}",
           "c:1: details.fuel.rear: must be between 0 and 10, is 11");
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(reads_what_it_saved), UNIT_TEST(defaults_are_omitted),
        UNIT_TEST(copies_own_what_they_hold), UNIT_TEST(units), UNIT_TEST(errors), { NULL, NULL } };
    return unit_run("schema", tests);
}
