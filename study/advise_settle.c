#include <math.h>

#include "study/advise_impl.h"

/* What is known of a row: walltimes between the ends of the quantile's 95 % interval, in whole
 * minutes; charges within three standard errors of the mean. */
struct known { double minutes_low, minutes_high, charge_low, charge_high; };

static const double errors = 3, minute_s = 60;
static const double tie = 1e-3;          /* charges closer than this are equal */
/* An interval as narrow as this is not worth more replicas, or as this share of the walltime. */
static const double narrow_s = 6, narrow_share = 0.0025;

static double minutes(double seconds)
{
    return fmax(1, ceil(seconds / minute_s));
}

static struct known known_of(const struct advice_row *r)
{
    double error_s = r->session.sd / sqrt((double)r->replicas);
    double margin = error_s > 0 ? errors * error_s / r->session.mean * r->charge : 0;
    return (struct known){ minutes(r->quantile_ci95.low), minutes(r->quantile_ci95.high),
                           r->charge - margin, r->charge + margin };
}

static bool counts(const struct advice_row *r)
{
    return !r->why_not && r->accepted && r->enough;
}

/* Surely faster or cheaper than the row, and not worse in the other. */
static bool surely_beats(const struct known *k, const struct known *row)
{
    return k->minutes_high <= row->minutes_low && k->charge_high <= row->charge_low &&
           (k->minutes_high < row->minutes_low || k->charge_high < row->charge_low);
}

/* It can be asked for, and no row surely beats it. */
static bool may_matter(const struct advice *a, const struct known *row, size_t i)
{
    if (!counts(&a->rows[i]))
        return false;
    for (size_t k = 0; k < a->n; k++) {
        struct known other = known_of(&a->rows[k]);
        if (counts(&a->rows[k]) && surely_beats(&other, row))
            return false;
    }
    return true;
}

/* It could keep the deadline on as few nodes as the choice, or fewer. */
static bool may_be_smallest(const struct advice *a, const struct advise_options *o, size_t i)
{
    const struct advice_row *r = &a->rows[i];
    bool few = a->smallest < 0 || r->nodes <= a->rows[a->smallest].nodes;
    return o->deadline_s > 0 && few && r->quantile_ci95.low <= o->deadline_s &&
           r->quantile_ci95.high > o->deadline_s;
}

/* Replicas share their draws, so charges are compared replica by replica: the difference of the
 * means is within three of its standard errors, and these are wider than a tie. */
static bool is_close(const struct advice_row *x, const struct advice_row *y)
{
    size_t n = x->replicas < y->replicas ? x->replicas : y->replicas;
    double fx = x->charge / x->session.mean, fy = y->charge / y->session.mean, mean = 0,
           squares = 0;
    for (size_t i = 0; i < n; i++) {
        double d = fx * x->runs[i].session_s - fy * y->runs[i].session_s, step = d - mean;
        mean += step / (double)(i + 1);
        squares += step * (d - mean);
    }
    double margin = errors * sqrt(squares / (double)(n - 1) / (double)n);
    return fabs(mean) <= margin && margin > tie * x->charge;
}

/* One of the rows is a choice, the other may replace it, and their charges decide. */
static bool is_rival(const struct advice *a, size_t i, size_t k)
{
    struct known x = known_of(&a->rows[i]), y = known_of(&a->rows[k]);
    bool overlap = x.charge_low <= y.charge_high && y.charge_low <= x.charge_high;
    bool fast = x.minutes_low <= y.minutes_high && y.minutes_low <= x.minutes_high;
    bool chosen = (int)i == a->cheapest || ((int)i == a->fastest && fast) ||
                  ((int)i == a->smallest && a->rows[i].nodes == a->rows[k].nodes);
    return i != k && chosen && overlap;
}

static bool has_close_rival(const struct advice *a, size_t i)
{
    for (size_t k = 0; k < a->n; k++)
        if (counts(&a->rows[k]) && (is_rival(a, i, k) || is_rival(a, k, i)) &&
            is_close(&a->rows[i], &a->rows[k]))
            return true;
    return false;
}

bool advise_needs_more(const struct advice *a, const struct advise_options *o, size_t i)
{
    const struct advice_row *r = &a->rows[i];
    if (r->why_not || r->replicas >= o->replicas)
        return false;
    if (o->all || may_be_smallest(a, o, i))
        return true;
    struct known row = known_of(r);
    double narrow = fmax(narrow_s, narrow_share * r->quantile_ci95.high);
    bool open =
        row.minutes_low < row.minutes_high && r->quantile_ci95.high - r->quantile_ci95.low > narrow;
    return (open && may_matter(a, &row, i)) || (r->accepted && has_close_rival(a, i));
}
