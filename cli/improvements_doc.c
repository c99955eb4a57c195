#include "cli/validate_doc.h"

#include <math.h>

#include "validation/improvements.h"

DOC_GETTER(name_of, const struct session_improvement *s = r->item, doc_text(s->of->session->name))
DOC_GETTER(over, const struct session_improvement *s = r->item, doc_text(s->over->session->name))

static struct doc_value holds(const struct doc_record *r)
{
    const struct improvement *x =
        (const void *)((const char *)r->item + r->field->offset);
    return isnan(x->measured) || isnan(x->predicted.ci95_independent.low)
               ? doc_none()
               : doc_flag(improvement_holds(x));
}

#define SHARE(member)                                                                              \
    .format = { .unit = DOC_SHARE, .decimals = 2 }, DOC_MEMBER(struct session_improvement, member)
#define OF(key_, label_, member)                                                                   \
    { .key = key_ "/measured", .label = (label_), SHARE(member.measured) },                        \
        { .key = key_ "/predicted", .label = "predicted", SHARE(member.predicted.mean) },          \
        { .key = key_ "/pi95", .label = "95 %", .format = { .unit = DOC_SHARE, .decimals = 2 },    \
          DOC_MEMBER_INTERVAL(struct session_improvement, member.predicted.ci95_independent) },    \
    {                                                                                              \
        .key = key_ "/holds", .label = "holds", .format = { .unit = DOC_FLAG }, .get = holds,      \
        .offset = offsetof(struct session_improvement, member)                                     \
    }

static const struct doc_field fields[] = {
    { .key = "session", .label = "session", .get = name_of },
    { .key = "over", .label = "over", .get = over },
    OF("makespan", "I of makespans", makespan),
    OF("span", "I of spans", span),
    DOC_FIELDS_END,
};

void improvements_doc_add(struct doc *d, const struct leave_one_out *all)
{
    struct improvements x = improvements_of(all);
    if (x.n > 0) {
        doc_section(d, "I, over another session of the same tasks");
        doc_table(d, &(struct doc_table){ .key = "improvements", .fields = fields,
                                          DOC_ITEMS(x.at, x.n) });
    }
    improvements_clear(&x);
}
