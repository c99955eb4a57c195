#include "sim/session_means.h"

#include <math.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>

#include "base/str.h"
#include "core/broker.h"
#include "core/transfer.h"
#include "num/rng.h"

/* sqrt(nu / chi2): t with 2 degrees has no variance to report otherwise */
#define LARGEST_STRETCH 10.0
#define LARGEST_SHARE 3.0                /* of a mean that a factor moves */
#define PRIOR_SESSIONS 1.0               /* of how stations go together */
enum { KNOWN_DEGREES = 16 };
/* indexes of draws: of parameters, of their difference from another kind's, of sessions */
enum { BEYOND = 32, TOGETHER = 63, WEIGHTS };
/* of the session: which one, chi2, how the launcher slows down */
enum { WHICH, CHI2, SLOWING };

struct vector_draw {
    const struct middleware *middleware;
    struct rng_stream spread;
    int session;                         /* -1: none */
    double u;                            /* of chi2 */
    double stretch[KNOWN_DEGREES];       /* stretch_of(), 0: not computed yet */
};

static double normal_at(const struct vector_draw *v, size_t index)
{
    return gsl_cdf_ugaussian_Pinv(rng_uniform(&v->spread, index, 0));
}

struct deviations { size_t n; double mean, squares, along; };            /* S', mean, q, sum w d */

static struct deviations deviations_of(const struct vector_draw *v, enum station_parameter p)
{
    const struct middleware *m = v->middleware;
    struct deviations d = { 0 };
    for (size_t s = 0; s < m->n_sessions; s++) {
        if (isnan(m->sessions[s].mean[p]))
            continue;
        d.n++;
        d.mean += (m->sessions[s].mean[p] - d.mean) / (double)d.n;
    }
    for (size_t s = 0; s < m->n_sessions; s++) {
        double by = m->sessions[s].mean[p] - d.mean;
        if (isnan(by))
            continue;
        d.squares += by * by;
        d.along += normal_at(v, WEIGHTS + s) * by;
    }
    return d;
}

/* Of a normal draw, to one of Student's t. */
static double stretch_of(struct vector_draw *v, int degrees)
{
    double unknown = 0, *known = degrees < KNOWN_DEGREES ? &v->stretch[degrees] : &unknown;
    if (!(*known > 0))
        *known = fmin(LARGEST_STRETCH, sqrt(degrees / gsl_cdf_chisq_Pinv(v->u, degrees)));
    return *known;
}

/* How much of what stations have in common the profile's sessions say: S' - 1 of them against
 * PRIOR_SESSIONS in which nothing goes together. A profile without such a prior has them alone. */
static double share_of_sessions(const struct station_estimate *e, const struct deviations *d)
{
    if (!(d->squares > 0) || e->degrees == 0)
        return 0;
    double own = (double)d->n - 1;
    return e->degrees <= (int)own ? 1 : own / (own + PRIOR_SESSIONS);
}

static double estimated_mean(struct vector_draw *v, enum station_parameter p)
{
    const struct middleware *m = v->middleware;
    const struct station_estimate *e = &m->estimate[p];
    struct deviations d = deviations_of(v, p);
    double share = share_of_sessions(e, &d),
           shared = share > 0 ? d.along / sqrt(d.squares) : 0,
           z = sqrt(share) * shared + sqrt(1 - share) * normal_at(v, (size_t)p),
           stretch = e->degrees > 0 ? stretch_of(v, e->degrees) : 1,
           centre = m->parameter[p] ? dist_mean(m->parameter[p]) : 0;
    return centre + hypot(e->between_s, e->se_s) * z * stretch;
}

static double given_mean(struct vector_draw *v, enum station_parameter p)
{
    const struct middleware *m = v->middleware;
    double mean = v->session >= 0 ? m->sessions[v->session].mean[p] : NAN;
    if (isnan(mean))
        mean = m->parameter[p] ? dist_mean(m->parameter[p]) : 0;
    if (m->between_sd[p] > 0)
        return mean * (1 + m->between_sd[p] * normal_at(v, (size_t)p));
    if (m->n_sessions != 1 || m->client_seen == CLIENT_UNKNOWN || !m->parameter[p])
        return mean;
    /* The new session differs from what all do, and so did the one that was seen. */
    double sd = sqrt(2) * transfer_sd(m->client_seen, p, TRANSFER_KIND, mean);
    int degrees = transfer_degrees(m->client_seen, p);
    return mean + sd * stretch_of(v, degrees) * normal_at(v, (size_t)p);
}

/* What sessions of another kind differ by more than those of one kind. A normal factor cut off at 0
 * is divided by what cutting adds to its mean, E max(0, 1 + sd z) = Phi(1 / sd) + sd phi(1 / sd),
 * so that the mean stays; one too small for that is moved up. */
static double widened(struct vector_draw *v, enum station_parameter p, enum transfer transfer,
                      double drawn)
{
    const struct middleware *m = v->middleware;
    const enum client client = m->client_seen;
    /* what is typical was measured with brokers that are near */
    double own = middleware_mean(m, p), far = fmax(1, broker_far(m, p));
    const enum station_parameter as = far > 1 ? STATION_CLOSE_TASK : p;
    const struct transfer_spread spread = transfer_spread(client, as, transfer);
    double centre = far * transfer_mean(client, as, transfer, own / far),
           mean = far * transfer_mean(client, as, transfer, drawn / far);
    /* the draw has what sessions of one kind differ by, or as much of that as is kept */
    double within_s = transfer_sd(client, as, TRANSFER_KIND, own) * spread.keeps,
           beyond_s = hypot(spread.share * centre, spread.seconds),
           more_s = sqrt(fmax(0, beyond_s * beyond_s - within_s * within_s));
    double stretch = stretch_of(v, TRANSFER_DEGREES), z = normal_at(v, BEYOND + (size_t)p);
    if (!m->parameter[p] && !m->estimate[p].known)
        return drawn;
    if (more_s <= 0)
        return mean;
    if (more_s > LARGEST_SHARE * centre)
        return fmax(0, mean + more_s * stretch * z);
    double sd = more_s / centre * stretch;
    double cut_mean = gsl_cdf_ugaussian_P(1 / sd) + sd * gsl_ran_ugaussian_pdf(1 / sd);
    return mean * fmax(0, 1 + sd * z) / cut_mean;
}

void session_means_draw(const struct middleware *m, enum transfer transfer, uint64_t seed,
                        uint32_t replica, double mean[STATION_PARAMETERS])
{
    struct rng_stream which = rng_stream(seed, replica, RNG_SESSION, str_hash("session"));
    struct vector_draw v = { .middleware = m,
                             .spread =
                                 rng_stream(seed, replica, RNG_SESSION_SPREAD, str_hash("session")),
                             .session = -1,
                             .u = rng_uniform(&which, CHI2, 0) };
    if (m->n_sessions > 0)
        v.session = (int)(rng_uniform(&which, WHICH, 0) * (double)m->n_sessions);
    for (int i = 0; i < STATION_PARAMETERS; i++) {
        enum station_parameter p = (enum station_parameter)i;
        mean[p] = m->estimate[p].known ? estimated_mean(&v, p) : given_mean(&v, p);
        mean[p] = transfer == TRANSFER_KIND ? mean[p] : widened(&v, p, transfer, fmax(0, mean[p]));
    }
    if (m->mean_bulk > 0)
        mean[STATION_CLIENT_BASE] -=
            m->mean_bulk * (mean[STATION_CLIENT_TASK] - middleware_mean(m, STATION_CLIENT_TASK));
    double together = m->unexplained > 0 ? 1 + m->unexplained * stretch_of(&v, TRANSFER_DEGREES) *
                                                   normal_at(&v, TOGETHER)
                                         : 1;
    for (int p = 0; p < STATION_PARAMETERS; p++)
        mean[p] = fmax(0, mean[p]) * fmax(0, together);
}

double session_means_slowing(const struct middleware *m, size_t n_tasks, uint64_t seed,
                             uint32_t replica)
{
    double times = (double)n_tasks / fmax(1, m->launch_slows_from);
    if (m->launch_slows <= 0 || times <= 1)
        return 1;
    struct rng_stream which = rng_stream(seed, replica, RNG_SESSION, str_hash("session"));
    return pow(times, m->launch_slows * rng_uniform(&which, SLOWING, 0));
}
