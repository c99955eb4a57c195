/* A program of somebody else's, built against the installed library: reads a description, reports
 * it as a table, and is told what is wrong with another. tests/install/check builds and runs it. */
#include <stdio.h>
#include <string.h>

#include <base/json.h>
#include <base/table.h>

int main(void)
{
    const char *good = "{\"mean\": 340.5}", *bad = "{\n\"mean\": -1}";
    struct error err = { "" };
    struct json_document *doc = json_parse(good, strlen(good), "good", &err);
    if (!doc)
        return 1;
    struct json root = json_root(doc);
    double mean;
    if (json_need_number(&root, "mean", 0, 1000, &mean, &err))
        return 1;
    struct table *t = table_new();
    table_add_column(t, "mean_s", TABLE_RIGHT);
    table_add_row(t);
    table_set_number(t, 0, mean, 1);
    printf("%s\n%s\n", table_column(t, 0), table_text(t, 0, 0));
    table_free(t);
    json_free(doc);

    doc = json_parse(bad, strlen(bad), "bad", &err);
    root = json_root(doc);
    json_need_number(&root, "mean", 0, 1000, &mean, &err);
    json_free(doc);
    puts(err.text);
    return 0;
}
