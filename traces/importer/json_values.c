#include "traces/importer/json_values.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "traces/packed_file.h"

const cJSON *value_at(const cJSON *object, const char *key)
{
    return cJSON_IsObject(object) ? cJSON_GetObjectItemCaseSensitive(object, key) : NULL;
}

double value_number(const cJSON *value)
{
    return cJSON_IsNumber(value) ? value->valuedouble : (double)NAN;
}

double value_number_at(const cJSON *object, const char *key)
{
    return value_number(value_at(object, key));
}

double value_time_at(const cJSON *object, const char *key)
{
    double t = value_number_at(object, key);
    return t > 0 && t <= 1e11 ? t : (double)NAN;
}

const char *value_text(const cJSON *value)
{
    return cJSON_IsString(value) ? value->valuestring : "";
}

const char *value_text_at(const cJSON *object, const char *key)
{
    return value_text(value_at(object, key));
}

/* Python's words for numbers that JSON lacks become an empty object, which is no number either. */
static void mend_numbers(char *text, size_t size)
{
    static const char *const words[] = { "-Infinity", "Infinity", "NaN" };
    bool quoted = false;
    for (size_t i = 0; i < size; i++) {
        if (quoted && text[i] == '\\')
            i++;
        else if (text[i] == '"')
            quoted = !quoted;
        for (size_t k = 0; !quoted && k < sizeof words / sizeof *words; k++) {
            size_t n = strlen(words[k]);
            if (i + n > size || strncmp(text + i, words[k], n) != 0)
                continue;
            memset(text + i, ' ', n);
            memcpy(text + i, "{}", 2);
        }
    }
}

static struct json_document *parse(const char *text, size_t size)
{
    size_t replaced = 0;
    return json_parse_mended(text, size, "", &replaced, NULL);
}

/* The elements of one array, alone or in an object; false: the text is not that. */
static bool read_list(const char *text, size_t size, const char *list, value_fn *each,
                      void *context)
{
    struct json_document *document = parse(text, size);
    if (!document)
        return false;
    struct json root = json_root(document);
    const cJSON *array = cJSON_IsArray(root.value) ? root.value
                         : list                    ? value_at(root.value, list)
                                                   : NULL;
    bool found = cJSON_IsArray(array);
    for (const cJSON *e = found ? array->child : NULL; e; e = e->next)
        each(context, e);
    json_free(document);
    return found;
}

static void read_lines(const char *text, value_fn *each, void *context, size_t *torn)
{
    while (*text) {
        size_t n = strcspn(text, "\n"), blank = strspn(text, " \t\r");
        struct json_document *document = blank < n ? parse(text, n) : NULL;
        if (document)
            each(context, json_root(document).value);
        *torn += !document && blank < n;
        json_free(document);
        text += n + (text[n] == '\n');
    }
}

int values_read(const char *path, const char *list, value_fn *each, void *context, size_t *torn,
                struct error *err)
{
    size_t size;
    char *text = packed_file_load(path, &size, err);
    if (!text)
        return -1;
    mend_numbers(text, size);
    const char *begin = text + strspn(text, " \t\r\n");
    bool may_be_list = *begin == '[' || (list && *begin == '{');
    if (!may_be_list || !read_list(text, size, list, each, context))
        read_lines(text, each, context, torn);
    free(text);
    return 0;
}
