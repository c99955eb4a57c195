#include "traces/calibrate_impl.h"

int calibration_servers_in(const struct session *s, const struct middleware *prior)
{
    return s->n_executors > 0 ? (int)s->n_executors : prior->launch_servers;
}

static void note_stations(const struct work *w)
{
    struct str *notes = &w->out->notes;
    if (w->n < CALIBRATE_FEWEST)
        str_addf(
            notes,
            "%zu session%s: every interval is a prior (between sessions sd %g %% of the mean)\n",
            w->n, w->n == 1 ? "" : "s", 100 * CALIBRATE_PRIOR_SPREAD);
    for (int p = 0; p < STATION_PARAMETERS; p++) {
        const struct calibration_station *row = &w->out->station[p];
        const char *name = station_parameter_name((enum station_parameter)p);
        if (row->status == CALIBRATION_ASSUMED)
            str_addf(notes, "%s: no session has a sample; assumed %.4g s\n", name, row->mean_s);
        else if (row->status == CALIBRATION_FEW && w->n >= CALIBRATE_FEWEST)
            str_addf(notes,
                     "%s: samples of %zu session%s only; its interval is a prior (sd %g %% of the "
                     "mean)\n",
                     name, row->n_sessions, row->n_sessions == 1 ? "" : "s",
                     100 * CALIBRATE_PRIOR_SPREAD);
        else if (row->status == CALIBRATION_FITTED && row->n_sessions < w->n)
            str_addf(notes, "%s: no sample in %zu of %zu sessions\n", name, w->n - row->n_sessions,
                     w->n);
    }
}

static void note_differences(const struct work *w)
{
    struct str *notes = &w->out->notes;
    bool entk = false, poll = false, version = false, launcher = false, servers = false;
    for (size_t s = 1; s < w->n; s++) {
        entk |= w->samples[s].has_entk != w->samples[0].has_entk;
        version |= !str_equal(w->sessions[s]->version, w->sessions[0]->version);
        servers |= calibration_servers_in(w->sessions[s], w->prior) !=
                   calibration_servers_in(w->sessions[0], w->prior);
        launcher |= !str_equal(w->sessions[s]->launcher, w->sessions[0]->launcher);
        for (int p = 0; p < STATION_POLLS; p++)
            poll |= w->samples[s].period_s[p] != w->samples[0].period_s[p];
    }
    if (entk)
        str_add(notes, "sessions with and without EnTK are mixed: the client's stations differ\n");
    if (version)
        str_add(notes, "sessions of different versions are mixed\n");
    if (launcher)
        str_add(notes, "sessions of different launchers are mixed\n");
    if (servers)
        str_addf(notes,
                 "sessions have different numbers of executors; launch.service is that of one, the "
                 "profile has %d\n",
                 w->out->profile->launch_servers);
    if (poll)
        str_add(notes,
                "sessions poll at different periods; the profile takes the first session's\n");
}

/* Its stations are as good as any, but where the executor died, what it noticed late is among them.
 */
static void note_interruptions(const struct work *w)
{
    struct str *notes = &w->out->notes;
    for (size_t s = 0; s < w->n; s++) {
        if (w->sessions[s]->n_interruptions == 0)
            continue;
        str_addf(notes, "%s was ", w->samples[s].session);
        session_add_interruptions(w->sessions[s], notes);
        str_add(notes, ": its makespan measures nothing; better calibrate on a run that was not\n");
    }
}

/* Samples without a time that they need, of stations that have others. */
static void note_lost(const struct work *w, const struct samples *of)
{
    struct str *notes = &w->out->notes;
    bool any = false;
    for (int p = 0; p < STATION_PARAMETERS; p++) {
        if (of->n_lost[p] == 0 || w->out->station[p].n_samples == 0)
            continue;
        if (!any)
            str_addf(notes, "%s: samples left out because a time that they need was not recorded:",
                     of->session);
        str_addf(notes, "%s %zu of %s", any ? "," : "", of->n_lost[p],
                 station_parameter_name((enum station_parameter)p));
        any = true;
    }
    str_add(notes, any ? "\n" : "");
}

static bool has_latency(const struct samples *x)
{
    bool has = x->n_bulks > 0;
    for (int p = 0; p < STATION_PARAMETERS; p++)
        has = has || (p != STATION_DRAIN && x->of[p].n > 0);
    return has;
}

static void note_samples(const struct work *w)
{
    struct str *notes = &w->out->notes;
    for (size_t s = 0; s < w->n; s++) {
        bool plain = session_is_plain(w->sessions[s]);
        if (w->levels[s] > 0)
            str_addf(notes,
                     "%s: a makespan without starts: one figure for each of its %zu task levels, "
                     "which holds all that lies between tasks\n",
                     w->samples[s].session, w->levels[s]);
        if (plain && !has_latency(&w->samples[s]))
            str_addf(notes,
                     "%s: no latency could be told: no task waited for its submission, for others "
                     "or for room\n",
                     w->samples[s].session);
        if (!plain && w->samples[s].n_tasks == 0)
            str_addf(notes, "%s: nothing was launched\n", w->samples[s].session);
        if (w->samples[s].n_stalls > 0)
            str_addf(notes, "%s: %zu gaps between launches left out, the launcher stood still\n",
                     w->samples[s].session, w->samples[s].n_stalls);
        if (w->samples[s].n_contrary > 0)
            str_addf(notes, "%s: %zu values left out, their events are in another order\n",
                     w->samples[s].session, w->samples[s].n_contrary);
        note_lost(w, &w->samples[s]);
    }
}

void calibration_add_notes(const struct work *w)
{
    note_interruptions(w);
    note_differences(w);
    note_samples(w);
    note_stations(w);
}
