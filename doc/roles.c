#include "doc/doc_impl.h"

#include "base/str.h"

static const struct role {
    const char *name, *begin, *end;
} roles[] = {
    [DOC_PLAIN] = { "plain", "<p>", "</p>\n" },
    [DOC_LEAD] = { "lead", "<p class=\"lead\">", "</p>\n" },
    [DOC_ANSWER] = { "answer", "<p class=\"answer\">", "</p>\n" },
    [DOC_WARNING] = { "warning", "<p class=\"warning\">", "</p>\n" },
    [DOC_NOTE] = { "note", "<p class=\"note\">", "</p>\n" },
    [DOC_LINES] = { "lines", "<pre><code>", "</code></pre>\n" },
};

const char *role_name(enum doc_role role)
{
    return roles[role].name;
}

int role_find(const char *name)
{
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
        if (str_equal(roles[i].name, name))
            return (int)i;
    return -1;
}

const char *role_begin(enum doc_role role)
{
    return roles[role].begin;
}

const char *role_end(enum doc_role role)
{
    return roles[role].end;
}
