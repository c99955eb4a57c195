/* Values of a table that are no instants: durations, memory, Slurm's lists, states. */
#include "traces/importer/task_values.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/quantity.h"
#include "base/str.h"

/* A plain decimal number without a sign; *text goes behind it. */
static bool read_decimal(const char **text, double *value)
{
    char number[32], *end;
    size_t n = strspn(*text, "0123456789.");
    if (n == 0 || n >= sizeof number)
        return false;
    memcpy(number, *text, n);
    number[n] = '\0';
    *value = strtod(number, &end);
    *text += n;
    return !*end;
}

bool task_value_duration(const char *text, double *seconds)
{
    *seconds = NAN;
    return task_value_is_nothing(text) ||
           (quantity_parse(text, QUANTITY_SECONDS, seconds) && *seconds <= 1e12);
}

bool task_value_memory(const char *text, double *amount, bool *has_unit, char *per)
{
    static const struct {
        char letter;
        double mib;
    } units[] = { { 'b', 1.0 / 1048576 }, { 'k', 1.0 / 1024 }, { 'm', 1 },
                  { 'g', 1024 },          { 't', 1048576 },    { 'p', 1073741824 } };
    *amount = NAN;
    *has_unit = false;
    *per = '\0';
    if (task_value_is_nothing(text) || str_equal(text, "?"))
        return true;
    if (!read_decimal(&text, amount))
        return false;
    text += strspn(text, " ");
    for (size_t k = 0; *text && k < sizeof units / sizeof *units; k++) {
        if (tolower((unsigned char)*text) != units[k].letter)
            continue;
        *amount *= units[k].mib;
        *has_unit = true;
        text++;
        break;
    }
    text += *has_unit && (*text == 'i' || *text == 'I');
    text += *has_unit && strncasecmp(text, "bytes", 5) == 0
                ? 5
                : *has_unit && (*text == 'b' || *text == 'B');
    if (*text == 'c' || *text == 'n')
        *per = *text++;
    return !*text && *amount <= 1e12;
}

double task_value_tres(const char *text, const char *key)
{
    size_t length = strlen(key);
    for (const char *item = text; item; item = (item = strchr(item, ',')) ? item + 1 : NULL) {
        bool has_unit;
        char per, value[32];
        double amount;
        if (strncmp(item, key, length) != 0 || item[length] != '=')
            continue;
        size_t n = strcspn(item + length + 1, ",");
        if (n >= sizeof value)
            return NAN;
        memcpy(value, item + length + 1, n);
        value[n] = '\0';
        return task_value_memory(value, &amount, &has_unit, &per) ? amount : (double)NAN;
    }
    return NAN;
}

double task_value_tres_gpus(const char *text)
{
    static const char key[] = "gres/gpu";
    double all = 0, typed = 0;
    for (const char *item = text; item; item = (item = strchr(item, ',')) ? item + 1 : NULL) {
        const char *rest = item + strlen(key), *value = strchr(item, '='), *end = strchr(item, ',');
        if (strncmp(item, key, strlen(key)) != 0 || !value || (end && value > end))
            continue;
        double n = strtod(value + 1, NULL);
        if (!(n > 0 && n <= 1e9))
            continue;
        if (*rest == '=')
            all = n;
        else if (*rest == ':')
            typed += n;
    }
    return all > 0 ? all : typed;        /* the sum over types is given beside them */
}

/* Of "gpu:a100:2(IDX:0,1)" the number behind the last colon; one, if it is a type. */
static double gres_amount(const char *item, size_t length)
{
    size_t at = length;
    while (at > 0 && !strchr(":=", item[at - 1]))
        at--;
    char *end;
    double amount = strtod(item + at, &end);
    bool is_number = at > 0 && isdigit((unsigned char)item[at]) && end == item + length;
    return !is_number ? 1 : amount <= 1e9 ? amount : 0;
}

static const char *gres_end(const char *item)
{
    bool inside = false;                 /* of brackets, commas part indices */
    for (; *item && (inside || *item != ','); item++)
        inside = *item == '(' || (inside && *item != ')');
    return item;
}

double task_value_gres_gpus(const char *text)
{
    /* Slurm's accounts may have the number of the plugin in place of its name. */
    static const char *const names[] = { "gpu", "7696487" };
    double sum = 0;
    for (const char *item = text, *end; *item; item = *end ? end + 1 : end) {
        end = gres_end(item);
        if (str_starts(item, "gres:") || str_starts(item, "gres/"))
            item += strlen("gres:");
        size_t name = strcspn(item, ":=(,");
        for (size_t k = 0; k < sizeof names / sizeof *names; k++)
            if (name == strlen(names[k]) && str_starts(item, names[k]))
                sum += gres_amount(item, strcspn(item, "(,"));
    }
    return sum;
}

/* Slurm cuts words in a table for people: "OUT_OF_ME+". */
static bool state_matches(const char *text, size_t n, const char *words)
{
    for (size_t length; *words; words += length + strspn(words + length, " ")) {
        length = strcspn(words, " ");
        bool cut = text[n] == '+' && n >= 4 && n < length;
        if (n > 0 && (n == length || cut) && strncasecmp(words, text, n) == 0)
            return true;
    }
    return false;
}

bool task_value_state(const char *text, enum task_status *status)
{
    static const struct { enum task_status status; const char *words; } states[] = {
        { TASK_DONE, "completed done ok success succeeded finished completing cached exec_done "
          "memo_done cd cg" },
        { TASK_FAILED, "failed failure error exit out_of_memory node_fail boot_fail "
          "launch_failed requeued special_exit fail_retryable oom nf bf rq se" },
        { TASK_CANCELLED, "dep_fail" },
        { TASK_KILLED, "timeout deadline preempted killed cancelled canceled revoked aborted "
          "to dl pr ca rv" },
        { TASK_CUT, "running run pending pend suspended psusp ususp ssusp resizing stopped "
          "signaling configuring submitted launched new queued held zombi unkwn cut r q h w t "
          "s b pd cf si st rs" },
    };
    size_t n = strcspn(text, " +");      /* "CANCELLED by 1000", "CANCELLED+" */
    for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
        if (!state_matches(text, n, states[i].words))
            continue;
        *status = states[i].status;
        return true;
    }
    return false;
}
