/* base/now.h - what time it is, in seconds. */
#ifndef DAGCAST_BASE_NOW_H
#define DAGCAST_BASE_NOW_H

double now_epoch_s(void);                /* since 1970, UTC; may jump */
double now_monotonic_s(void);            /* from some instant on; never jumps */

#endif
