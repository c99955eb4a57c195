/* Launch servers, whose turns tasks wait for, and who starts cold (enum cold_rule). */
#include <math.h>
#include <string.h>

#include "base/compiler.h"
#include "base/number.h"
#include "base/xalloc.h"
#include "sim/pilots.h"
#include "sim/simulate_impl.h"

void execute_launch_begin(struct simulator *s)
{
    size_t pilots = platform_pilots(s->drive.scenario.platform),
           nodes = s->drive.scenario.platform->n_nodes,
           servers = (size_t)s->drive.scenario.middleware->launch_servers * pilots;
    if (!s->server_free_s) {
        s->server_free_s = xcalloc(servers, sizeof *s->server_free_s);
        s->servers_up = xcalloc(pilots, sizeof *s->servers_up);
        s->node_seen = xcalloc(nodes, sizeof *s->node_seen);
        s->last_node = xcalloc(pilots, sizeof *s->last_node);
    }
    memset(s->server_free_s, 0, servers * sizeof *s->server_free_s);
    memset(s->servers_up, 0, pilots * sizeof *s->servers_up);
    memset(s->node_seen, 0, nodes * sizeof *s->node_seen);
    for (size_t p = 0; p < pilots; p++)
        s->last_node[p] = UINT32_MAX;
}

void execute_launch_clear(struct simulator *s)
{
    xfree(s->server_free_s, s->servers_up, s->node_seen, s->last_node);
}

static bool changes_node(struct simulator *s, const struct attempt *a, uint32_t node)
{
    uint32_t *last = &s->last_node[s->pilots ? pilots_of(s->pilots, a) : 0], before = *last;
    *last = node;
    return before != UINT32_MAX && before != node;
}

bool execute_starts_cold(struct simulator *s, const struct attempt *a, double launched_s)
{
    const struct middleware *m = s->drive.scenario.middleware;
    uint32_t node = pool_grant_node(dispatch_pool(s->drive.dispatch), a->grant);
    bool changes = m->cold_rule == COLD_NODE_CHANGE && changes_node(s, a, node);
    if (m->cold_gpu_only && simulate_occupied(s, a).gpus == 0)
        return false;
    switch (m->cold_rule) {
    case COLD_FIRST_ON_NODE: {
        bool first = !s->node_seen[node];
        s->node_seen[node] = true;
        return first;
    }
    case COLD_FIRST_WAVE: return launched_s < s->first_stop_s;
    case COLD_BURST: return s->cold_set[a->set];
    case COLD_NODE_CHANGE: return changes;
    case COLD_NEVER: break;
    }
    return false;
}

/* With the first task that is placed the servers begin to come up. */
RARE static void bring_up(struct simulator *s, size_t pilot, double *servers)
{
    double up_s = s->drive.engine.now_s +
                  stations_draw_once(s->stations, STATION_LAUNCH_UP, (uint32_t)pilot);
    for (int i = 0; i < s->drive.scenario.middleware->launch_servers; i++)
        servers[i] = up_s;
    s->servers_up[pilot] = true;
}

/* A serial server's turn: the earliest free one, ties to the lowest. */
struct launch execute_launch(struct simulator *s, const struct attempt *a)
{
    int n = s->drive.scenario.middleware->launch_servers;
    size_t pilot = s->pilots ? pilots_of(s->pilots, a) : 0;
    double *servers = s->server_free_s + pilot * (size_t)n, *server = servers;
    if (!s->servers_up[pilot])
        bring_up(s, pilot, servers);
    for (int i = 1; i < n; i++)
        if (servers[i] < *server)
            server = &servers[i];
    double service = stations_draw(s->stations, STATION_LAUNCH, a->set, a->task, a->number);
    double served_s = later_of(*server, s->drive.engine.now_s);
    *server = served_s + service;
    return (struct launch){ served_s, *server };
}
