#include "cli/options.h"

#include <stddef.h>
#include <string.h>

#include "tests/support/unit.h"

struct inner { const char *text; double seconds; };
struct values { bool flag; int64_t count; double share; struct inner inner; };

static const struct option_row outer_rows[] = {
    { .name = "flag", .letter = 'f', .kind = OPTION_FLAG, .offset = offsetof(struct values, flag),
      .help = "a flag" },
    { .name = "count", .letter = 'c', .kind = OPTION_INTEGER, .argument = "N",
      .offset = offsetof(struct values, count),
      .min = 1, .max = 50, .help = "a number" },
    { .name = "share", .kind = OPTION_NUMBER, .argument = "X",
      .offset = offsetof(struct values, share), .help = "a share" },
    { .name = NULL },
};
static const struct option_row inner_rows[] = {
    { .name = "text", .kind = OPTION_TEXT, .argument = "T", .offset = offsetof(struct inner, text),
      .help = "a text" },
    { .name = "time", .kind = OPTION_SECONDS, .argument = "TIME",
      .offset = offsetof(struct inner, seconds), .help = "a time" },
    { .name = NULL },
};
static const struct option_group groups[] = {
    { .title = "Outer", .rows = outer_rows },
    { .title = "Inner", .rows = inner_rows, .offset = offsetof(struct values, inner) },
    { .title = NULL },
};

enum { ARGUMENTS_MAX = 16 };

struct parsed {
    enum options_outcome outcome;
    struct values values;
    struct operands operands;
    struct error err;
};

/* Parses words divided by single blanks; `words` is cut up and the operands point into it. */
static struct parsed parse(char *words)
{
    static char program[] = "command";
    static char *argv[ARGUMENTS_MAX + 1];
    int argc = 0;
    argv[argc++] = program;
    for (char *rest = words; *rest && argc < ARGUMENTS_MAX;) {
        argv[argc++] = rest;
        rest += strcspn(rest, " ");
        if (*rest)
            *rest++ = '\0';
    }
    argv[argc] = NULL;
    struct parsed p = { 0 };
    p.outcome = options_parse(groups, argc, argv, &p.values, &p.operands, &p.err);
    return p;
}

static void values_reach_their_members(void)
{
    char words[] = "one --count=17 -f --time 1:30:00 two --text hello --share 0.385";
    struct parsed p = parse(words);
    CU_ASSERT_EQUAL(p.outcome, OPTIONS_RUN);
    CU_ASSERT_TRUE(p.values.flag);
    CU_ASSERT_EQUAL(p.values.count, 17);
    CU_ASSERT_EQUAL(p.values.share, 0.385);
    CU_ASSERT_EQUAL(p.values.inner.seconds, 5400);
    CU_ASSERT_STRING_EQUAL(p.values.inner.text, "hello");
    CU_ASSERT_EQUAL_FATAL(p.operands.n, 2);
    CU_ASSERT_STRING_EQUAL(p.operands.at[0], "one");
    CU_ASSERT_STRING_EQUAL(p.operands.at[1], "two");
}

static void two_dashes_end_the_options(void)
{
    char words[] = "-c3 -- --flag";
    struct parsed p = parse(words);
    CU_ASSERT_EQUAL(p.outcome, OPTIONS_RUN);
    CU_ASSERT_EQUAL(p.values.count, 3);
    CU_ASSERT_FALSE(p.values.flag);
    CU_ASSERT_EQUAL_FATAL(p.operands.n, 1);
    CU_ASSERT_STRING_EQUAL(p.operands.at[0], "--flag");
}

static void mistakes_are_named(void)
{
    const struct { const char *words, *sentence; } cases[] = {
        { "--cuont 3", "unknown option '--cuont'; did you mean '--count'?" },
        { "--zebra", "unknown option '--zebra'" },
        { "-fz", "unknown option '-z'" },
        { "--flag=yes", "option '--flag' takes no value" },
        { "--help=me", "option '--help' takes no value" },
        { "--t x", "option '--t' is short for 2 options; write it in full" },
        { "--count", "option '--count' needs a value: --count N" },
        { "-f -c", "option '--count' needs a value: --count N" },
        { "--count 51", "--count: must be from 1 to 50, is '51'" },
        { "--count 2.5", "--count: must be a whole number, is '2.5'" },
        { "--share much", "--share: must be a number, is 'much'" },
        { "--time soon", "--time: must be a duration such as 90, 30m, 1.5h or 1:30:00, is 'soon'" },
        { "--text=", "--text: needs T, is empty" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char words[64];
        strcpy(words, cases[i].words);
        struct parsed p = parse(words);
        CU_ASSERT_EQUAL(p.outcome, OPTIONS_WRONG);
        CU_ASSERT_STRING_EQUAL(p.err.text, cases[i].sentence);
    }
}

static void help_wins_over_what_follows(void)
{
    char words[] = "--help --zebra";
    CU_ASSERT_EQUAL(parse(words).outcome, OPTIONS_HELP);
    char letters[] = "-fh";
    CU_ASSERT_EQUAL(parse(letters).outcome, OPTIONS_HELP);
}

static void spelled_as_in_help(void)
{
    char text[64];
    options_spell(&outer_rows[1], text, sizeof text);
    CU_ASSERT_STRING_EQUAL(text, "-c, --count N");
    options_spell(&inner_rows[0], text, sizeof text);
    CU_ASSERT_STRING_EQUAL(text, "    --text T");
    CU_ASSERT_EQUAL(options_count(groups), 5);
}

/* ---- settings ---- */

struct said { struct setting_value of[SETTINGS]; bool flag; };
static const struct option_row flag_rows[] = {
    { .name = "flag",
      .kind = OPTION_FLAG,
      .offset = offsetof(struct said, flag),
      .help = "a flag" },
    { .name = NULL },
};

/* Each setting with a heading is an option of the groups with this heading, before the group's own
 * rows. */
static void rows_of_settings_are_options(void)
{
    for (int heading = SETTING_WHERE; heading <= SETTING_REPLICA; heading++) {
        struct option_group g = { .title = "G", .settings = (enum setting_heading)heading,
                                  .rows = flag_rows, .offset = 3 };
        struct option_row row;
        size_t n = 0;
        for (int id = 0; id < SETTINGS; id++) {
            const struct setting *s = setting_at((enum setting_id)id);
            if ((int)s->heading != heading)
                continue;
            CU_ASSERT_TRUE_FATAL(option_at(&g, n++, &row));
            CU_ASSERT_STRING_EQUAL(row.name, s->option ? s->option : s->name);
            CU_ASSERT_STRING_EQUAL(row.help, s->help);
            CU_ASSERT_EQUAL((int)row.setting, id);
            CU_ASSERT_EQUAL(row.offset, 3 + offsetof(struct said, of[id]));
        }
        unit_is(n, >, 0);
        CU_ASSERT_TRUE(option_at(&g, n, &row));
        CU_ASSERT_STRING_EQUAL(row.name, "flag");
        CU_ASSERT_FALSE(option_at(&g, n + 1, &row));
    }
}

static void settings_reach_their_values(void)
{
    static const struct option_group one[] = { { .title = "Where", .settings = SETTING_WHERE },
                                               { .title = NULL } };
    char *argv[] = { (char[]){ "command" }, (char[]){ "-n" }, (char[]){ "7" },
                     (char[]){ "--middleware=ideal" }, NULL };
    struct said said = { .flag = false };
    struct operands operands;
    struct error err = { "" };
    CU_ASSERT_EQUAL(options_parse(one, 4, argv, &said, &operands, &err), OPTIONS_RUN);
    CU_ASSERT_TRUE(said.of[SETTING_NODES].said);
    unit_near(said.of[SETTING_NODES].number, 7, 0);
    CU_ASSERT_STRING_EQUAL(said.of[SETTING_MIDDLEWARE].text, "ideal");
    CU_ASSERT_FALSE(said.of[SETTING_PLATFORM].said);
    char *wrong[] = { (char[]){ "command" }, (char[]){ "--nodes=0" }, NULL };
    CU_ASSERT_EQUAL(options_parse(one, 2, wrong, &said, &operands, &err), OPTIONS_WRONG);
    CU_ASSERT_STRING_EQUAL(err.text, "--nodes: must be from 1 to 10000000, is '0'");
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(values_reach_their_members),  UNIT_TEST(two_dashes_end_the_options),
        UNIT_TEST(mistakes_are_named),          UNIT_TEST(help_wins_over_what_follows),
        UNIT_TEST(spelled_as_in_help),          UNIT_TEST(rows_of_settings_are_options),
        UNIT_TEST(settings_reach_their_values), { NULL, NULL },
    };
    return unit_run("options", tests);
}
