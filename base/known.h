/* base/known.h - numbers that may be missing (NAN), such as times that a trace lost.
 *
 * fmin(), fmax(), < and > pass over NAN in silence, so that a lost record moves a result. Code that
 * reads recorded times uses these instead, and so says what a missing one means. An infinity counts
 * as known. */
#ifndef DAGCAST_BASE_KNOWN_H
#define DAGCAST_BASE_KNOWN_H

#include <stdbool.h>

bool is_known(double x);
/* `x`, or the fallback if x is missing. */
double known_or(double x, double fallback);
/* Of those that are known: a missing one is passed over. NAN if both are missing. */
double earlier_known(double a, double b);
double later_known(double a, double b);
/* The later of two that are both needed: NAN if either is missing. */
double later_of_both(double a, double b);

#endif
