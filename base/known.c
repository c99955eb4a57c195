#include "base/known.h"

#include <math.h>

bool is_known(double x)
{
    return !isnan(x);
}

double known_or(double x, double fallback)
{
    return is_known(x) ? x : fallback;
}

double earlier_known(double a, double b)
{
    if (!is_known(a) || !is_known(b))
        return known_or(a, b);
    return a < b ? a : b;
}

double later_known(double a, double b)
{
    if (!is_known(a) || !is_known(b))
        return known_or(a, b);
    return a > b ? a : b;
}

double later_of_both(double a, double b)
{
    return is_known(a) && is_known(b) ? later_known(a, b) : (double)NAN;
}
