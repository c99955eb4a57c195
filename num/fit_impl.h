/* num/fit_impl.h - what a fit must know of a family; for num/fit.c and num/fit_laws.c only. */
#ifndef DAGCAST_NUM_FIT_IMPL_H
#define DAGCAST_NUM_FIT_IMPL_H

#include <stdbool.h>

#include "num/fit.h"

enum { FIT_CONSTANTS = 3 };

/* Density and both tails in terms of constants that are computed once for each parameter vector. */
struct fit_law {
    const char *name;
    size_t n_parameters;
    bool positive;                       /* f(0) is 0 or infinite: no exact sample may be 0 */
    /* false: outside what num/dist.h takes */
    bool (*prepare)(const double *parameter, double *c);
    double (*log_density)(double x, const double *c);
    double (*lower)(double x, const double *c), (*upper)(double x, const double *c);
    struct dist *(*make)(const double *parameter);
    /* A first guess from the samples' mean and cv; and the parameters' relative standard errors,
     * times sqrt(n), were it right. */
    void (*guess)(double mean, double cv, double *parameter, double *error);
};

extern const struct fit_law fit_laws[];
extern const size_t fit_law_count;

#endif
