#include "num/dist/gaussian.h"

#include <math.h>

#include <gsl/gsl_cdf.h>

#include "base/compiler.h"

/* Central branch, |p - 1/2| <= 0.425, of M. J. Wichura's algorithm AS 241 (PPND16), Applied
 * Statistics 37 (1988) 477:
 *
 *     z = q A(r) / B(r),  q = p - 1/2,  r = 0.425^2 - q^2,  A, B polynomials of degree 7.
 *
 * Outside it gives a number without meaning. Without a branch or a call, so that compilers
 * vectorise a loop of it. */
static inline double central(double p)
{
    double q = p - 0.5, r = 0.180625 - q * q;
    double a = 2509.0809287301226727, b = 5226.495278852545925;
    a = a * r + 33430.575583588128105;
    b = b * r + 28729.085735721942674;
    a = a * r + 67265.770927008700853;
    b = b * r + 39307.89580009271061;
    a = a * r + 45921.953931549871457;
    b = b * r + 21213.794301586595867;
    a = a * r + 13731.693765509461125;
    b = b * r + 5394.1960214247511077;
    a = a * r + 1971.5909503065514427;
    b = b * r + 687.1870074920579083;
    a = a * r + 133.14166789178437745;
    b = b * r + 42.313330701600911252;
    a = a * r + 3.387132872796366608;
    b = b * r + 1.0;
    return q * a / b;
}

/* Its branch between the centre and the far tails (Wichura's AS 241), evaluated as
 * gsl_cdf_ugaussian_Pinv() does, to the bit, but without its calls:
 *
 *     |z| = C(r - 1.6) / D(r - 1.6),  r = sqrt(-log(min(p, 1 - p))) <= 5.
 */
static double beside(double p)
{
    static const double c[] = { 1.42343711074968357734,   4.6303378461565452959,
                                5.7694972214606914055,    3.64784832476320460504,
                                1.27045825245236838258,   0.24178072517745061177,
                                0.0227238449892691845833, 7.7454501427834140764e-4 };
    static const double d[] = { 1.0,
                                2.05319162663775882187,
                                1.6763848301838038494,
                                0.68976733498510000455,
                                0.14810397642748007459,
                                0.0151986665636164571966,
                                5.475938084995344946e-4,
                                1.05075007164441684324e-9 };
    double r = sqrt(-log(p < 0.5 ? p : 1.0 - p)), x = r - 1.6, u = c[7], v = d[7];
    if (!(r <= 5.0))
        return gsl_cdf_ugaussian_Pinv(p);
    for (int i = 7; i-- > 0;) {
        u = x * u + c[i];
        v = x * v + d[i];
    }
    return p < 0.5 ? -(u / v) : u / v;
}

WIDE_VECTORS static void central_block(const double *p, size_t n, double *z)
{
    for (size_t i = 0; i < n; i++)
        z[i] = central(p[i]);
}

void gaussian_quantile_block(const double *p, size_t n, double *z)
{
    central_block(p, n, z);
    for (size_t i = 0; i < n; i++)
        if (fabs(p[i] - 0.5) > 0.425)
            z[i] = beside(p[i]);
}
