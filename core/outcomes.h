/* core/outcomes.h - decisions whose outcome is known: of a session that was measured, or that time
 * has decided. */
#ifndef DAGCAST_CORE_OUTCOMES_H
#define DAGCAST_CORE_OUTCOMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum outcome_kind {
    /* of a loop: "cycle"; in another loop's second iteration "cycle.2" */
    OUTCOME_ITERATIONS,
    OUTCOME_TASKS,                       /* of a set as it is called in the session: "infer.3" */
    OUTCOME_CANDIDATES,                  /* of a campaign */
    OUTCOME_GOES_ON,                     /* a loop, after so many iterations, whatever is drawn */
    /* "BY\nSET", of the session: BY cancels SET, and nothing but what is so known; SET may be empty
     */
    OUTCOME_CANCELS,
    OUTCOMES
};
/* by kind, NULL-terminated: for files */
extern const char *const outcome_kind_names[];

struct outcomes;
struct outcomes *outcomes_new(void);
/* NULL: none are known */
struct outcomes *outcomes_copy(const struct outcomes *o);
void outcomes_free(struct outcomes *o);                  /* NULL allowed */
void outcomes_set(struct outcomes *o, enum outcome_kind kind, const char *name, int64_t value);
size_t outcomes_count(const struct outcomes *o);
enum outcome_kind outcomes_at(const struct outcomes *o, size_t i, const char **name,
                              int64_t *value);
/* False: not known. `o` may be NULL. */
bool outcomes_get(const struct outcomes *o, enum outcome_kind kind, const char *name,
                  int64_t *value);

#endif
