#include "core/instant.h"

static const char *const instants[INSTANTS] = {
    [INSTANT_DUE] = "due",
    [INSTANT_READY] = "ready",
    [INSTANT_OPENED] = "opened",
    [INSTANT_SUBMITTED] = "submitted",
    [INSTANT_LEFT] = "left",
    [INSTANT_ARRIVED] = "arrived",
    [INSTANT_SCHEDULED] = "scheduled",
    [INSTANT_SERVED] = "served",
    [INSTANT_LAUNCHED] = "launched",
    [INSTANT_ADMITTED] = "admitted",
    [INSTANT_STARTED] = "started",
    [INSTANT_STOPPED] = "stopped",
    [INSTANT_DETECTED] = "detected",
    [INSTANT_FREED] = "freed",
    [INSTANT_NOTIFIED] = "notified",
    [INSTANT_BOOKED] = "booked",
};

static const struct { const char *key, *label; } legs[LEGS] = {
    [LEG_RELEASE] = { "release", "not yet released" },
    [LEG_CLIENT_QUEUE] = { "client_queue", "client: busy with others" },
    [LEG_OPEN] = { "open", "client: creating tasks" },
    [LEG_CLIENT] = { "client", "client: submitting" },
    [LEG_AGENT] = { "agent", "on the way to the scheduler" },
    [LEG_QUEUE] = { "queue", "waiting for slots" },
    [LEG_LAUNCH_QUEUE] = { "launch_queue", "launch: waiting for the launcher" },
    [LEG_LAUNCH] = { "launch", "launch: being launched" },
    [LEG_ALONE] = { "alone", "launch: kept apart from running tasks" },
    [LEG_STARTUP] = { "startup", "start-up" },
    [LEG_EXECUTE] = { "execution", "execution" },
    [LEG_DETECT] = { "detect", "until its end is seen" },
    [LEG_FREE] = { "free", "until its slots are free" },
    [LEG_NOTIFY] = { "notify", "until the client knows" },
    [LEG_BOOK] = { "book", "client: booking ended tasks" },
};

static const struct { const char *key, *label; enum leg first, last; } waits[WAITS] = {
    [WAIT_CLIENT] = { "client", "client", LEG_CLIENT_QUEUE, LEG_CLIENT },
    [WAIT_AGENT] = { "agent", "way to the scheduler", LEG_AGENT, LEG_AGENT },
    [WAIT_QUEUE] = { "queue", "queue (waiting for slots)", LEG_QUEUE, LEG_QUEUE },
    [WAIT_LAUNCH] = { "launch", "launch and start-up", LEG_LAUNCH_QUEUE, LEG_STARTUP },
    [WAIT_FREE] = { "free", "detect and free", LEG_DETECT, LEG_FREE },
    [WAIT_NOTIFY] = { "notify", "notify", LEG_NOTIFY, LEG_BOOK },
};

const char *instant_key(enum instant i)
{
    return instants[i];
}

const char *leg_key(enum leg l)
{
    return legs[l].key;
}

const char *leg_label(enum leg l)
{
    return legs[l].label;
}

const char *wait_key(enum wait w)
{
    return waits[w].key;
}

const char *wait_label(enum wait w)
{
    return waits[w].label;
}

enum instant wait_from(enum wait w)
{
    return (enum instant)waits[w].first;
}

enum instant wait_to(enum wait w)
{
    return (enum instant)(waits[w].last + 1);
}
