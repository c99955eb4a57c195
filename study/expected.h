/* study/expected.h - the closed forms of a scenario: of the session that is expected, if its
 * workflow decides at run time. */
#ifndef DAGCAST_STUDY_EXPECTED_H
#define DAGCAST_STUDY_EXPECTED_H

#include "model/predict.h"
#include "study/adaptive.h"

/* As predict() of adaptive_expected(), the same figures; of long loops only what is in flight is
 * written out at a time (scheduling/growing.h). -1: as these. */
int expected_predict(const struct scenario *s, struct prediction *out, struct error *err);
/* The same of a session that is written out only in part; false: it is short, or more than its
 * sets would have to be known. */
bool expected_predict_grown(const struct scenario *s, struct prediction *out);

/* With a session to list the sets of: of one that is not written out its sets outside of loops and
 * those of the first iteration, as which the others are expected, too. */
struct expected {
    struct prediction prediction;
    struct adaptive_session session;
    bool first_only;
    double n_sets, n_tasks;              /* of all iterations */
};
/* Likewise. Free with expected_clear(), whatever it returns. */
int expected_session(const struct scenario *s, struct expected *out, struct error *err);
void expected_clear(struct expected *e);

#endif
