#include "model/predict.h"

static int predict_mode(const struct scenario *s, struct mode_prediction *out, struct error *err)
{
    struct bounds_work *bounds = bounds_new(s->workflow, s->platform, s->mode, err);
    if (!bounds)
        return -1;
    bounds_run(bounds, NULL, 1, &out->bounds);
    bounds_free(bounds);
    return predict_forms(s, out, err);
}

int predict_forms(const struct scenario *s, struct mode_prediction *out, struct error *err)
{
    out->critical_path_s = out->bounds.of_s[BOUND_PATH];
    if (makespan_form_of(s, WAVE_MEAN, &out->mean, err))
        return -1;
    return makespan_form_of(s, WAVE_EXPECTED_MAX, &out->expected_max, err);
}

static double improvement(const struct makespan_form *form, const struct makespan_form *sequential)
{
    return sequential->makespan_s > 0 ? 1 - form->makespan_s / sequential->makespan_s : 0;
}

void predict_improvements(struct prediction *p)
{
    const struct mode_prediction *sequential = &p->mode[MODE_SEQUENTIAL];
    for (int m = 0; m < MODES; m++) {
        struct mode_prediction *of = &p->mode[m];
        of->improvement = improvement(&of->mean, &sequential->mean);
        of->improvement_expected_max =
            improvement(&of->expected_max, &sequential->expected_max);
    }
}

int predict(const struct scenario *s, struct prediction *out, struct error *err)
{
    struct prediction p;
    for (int m = 0; m < MODES; m++) {
        struct scenario in_mode = *s;
        in_mode.mode = (enum mode)m;
        if (predict_mode(&in_mode, &p.mode[m], err))
            return -1;
    }
    predict_improvements(&p);
    asynchronicity_of(s->workflow, s->platform, &p.asynchronicity);
    *out = p;
    return 0;
}
