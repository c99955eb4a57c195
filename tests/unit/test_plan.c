#include "model/plan.h"

#include "tests/support/given.h"
#include "tests/support/unit.h"

static const struct given_limits limits = { .max_sets = 9, .max_tasks = 4 };

/* Every set is in one group; each group stands behind all it waits for; dependents are the waits
 * read backwards. */
static void orders_and_indices_agree(void)
{
    for (uint64_t number = 0; number < 300; number++) {
        struct workflow *w = given_random_workflow(number, &limits);
        for (int m = 0; m < MODES; m++) {
            struct plan plan;
            plan_init(&plan, w, (enum mode)m);
            int place[16];
            size_t n_sets = 0, n_waits = 0, n_dependents = 0;
            for (size_t i = 0; i < plan.n_groups; i++)
                place[plan.order[i]] = (int)i;
            for (size_t g = 0; g < plan.n_groups; g++) {
                const struct plan_group *group = &plan.groups[g];
                n_sets += group->n_sets;
                n_waits += group->n_waits;
                CU_ASSERT_EQUAL(group->n_waits == 0, group->cause == SUBMIT_START);
                for (size_t k = 0; k < group->n_waits; k++)
                    unit_is(place[plan.group_of_set[group->waits[k].set]], <, place[g]);
            }
            for (size_t s = 0; s < w->n_sets; s++)
                for (size_t k = plan.first_dependent[s]; k < plan.first_dependent[s + 1];
                     k++, n_dependents++) {
                    const struct plan_group *group = &plan.groups[plan.dependents[k]];
                    bool waits = false;
                    for (size_t i = 0; i < group->n_waits; i++)
                        waits = waits || group->waits[i].set == (int)s;
                    CU_ASSERT(waits);
                }
            unit_is(n_sets, ==, w->n_sets);
            unit_is(n_dependents, ==, n_waits);
            plan_clear(&plan);
        }
        workflow_free(w);
    }
}

/* Asynchronous: exactly the set's own dependencies, finer ones named. */
static void asynchronous_waits_are_the_dependencies(void)
{
    for (uint64_t number = 0; number < 300; number++) {
        struct workflow *w = given_random_workflow(number, &limits);
        struct plan plan;
        plan_init(&plan, w, MODE_ASYNCHRONOUS);
        for (size_t s = 0; s < w->n_sets; s++) {
            const struct plan_group *group = &plan.groups[plan.group_of_set[s]];
            CU_ASSERT_EQUAL(group->n_waits, w->sets[s].n_dependencies);
            for (size_t k = 0; k < group->n_waits && k < w->sets[s].n_dependencies; k++) {
                const struct dependency *d = &w->sets[s].dependencies[k];
                CU_ASSERT_EQUAL(group->waits[k].set, d->parent);
                CU_ASSERT_PTR_EQUAL(group->waits[k].by_task, d->kind == DEPENDENCY_ALL ? NULL : d);
            }
        }
        plan_clear(&plan);
        workflow_free(w);
    }
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(orders_and_indices_agree),
        UNIT_TEST(asynchronous_waits_are_the_dependencies),
        { NULL, NULL },
    };
    return unit_run("plan", tests);
}
