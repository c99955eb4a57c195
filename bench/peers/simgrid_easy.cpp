// bench/peers/simgrid_easy.cpp - W8 in SimGrid: an actor submits the jobs as they arrive, each job that starts is an actor that sleeps, and
// EASY backfilling over counted nodes (as in bench/easy_loop.c, but for which nodes) decides in the program.
//
//     simgrid_easy NODES DURATIONS JOBS       DURATIONS: doubles; JOBS: pairs of uint32, arrival in seconds and nodes
#include <simgrid/s4u.hpp>

#include <cstdint>
#include <cstdio>
#include <ctime>
#include <deque>
#include <set>
#include <vector>

#include "load.hpp"

namespace sg4 = simgrid::s4u;

static std::vector<double> duration_s;
static std::vector<uint32_t> jobs;
static std::deque<size_t> waiting;
static std::multiset<std::pair<double, int>> running;            // (end, nodes)
static int idle_nodes;
static double first_s = 1e300, last_s = 0;
static sg4::Host* host;

static int nodes_of(size_t job) { return static_cast<int>(jobs[2 * job + 1]); }

static void pass();
static std::vector<std::pair<size_t, std::multiset<std::pair<double, int>>::iterator>> started;
static bool busy, again;                                         // making an actor lets others run

static void start(size_t job)
{
    double now = sg4::Engine::get_clock();
    auto mark = running.insert({ now + duration_s[job], nodes_of(job) });
    idle_nodes -= nodes_of(job);
    first_s = std::min(first_s, now);
    last_s = std::max(last_s, now + duration_s[job]);
    started.emplace_back(job, mark);
}

static void create_actors()
{
    auto these = std::move(started);
    started.clear();
    for (auto one : these)
        sg4::Actor::create("j", host, [one] {
            sg4::this_actor::sleep_for(duration_s[one.first]);
            running.erase(one.second);
            idle_nodes += nodes_of(one.first);
            pass();
        });
}

static void decide()
{
    while (!waiting.empty() && nodes_of(waiting.front()) <= idle_nodes) {
        start(waiting.front());
        waiting.pop_front();
    }
    if (waiting.size() < 2 || idle_nodes == 0)
        return;
    int free = idle_nodes, need = nodes_of(waiting.front());
    auto r = running.begin();
    double reserved = 0;
    for (; r != running.end() && (free < need || r->first == reserved); ++r) {
        free += r->second;
        reserved = r->first;
    }
    int spare = free - need;
    double now = sg4::Engine::get_clock();
    for (auto j = waiting.begin() + 1; j != waiting.end();) {
        bool ends = now + duration_s[*j] <= reserved;
        if (nodes_of(*j) > idle_nodes || (!ends && nodes_of(*j) > spare)) {
            ++j;
            continue;
        }
        spare -= ends ? 0 : nodes_of(*j);
        start(*j);
        j = waiting.erase(j);
    }
}

static void pass()
{
    again = true;
    if (busy)
        return;
    busy = true;
    while (again) {
        again = false;
        decide();
        create_actors();
    }
    busy = false;
}

int main(int argc, char** argv)
{
    sg4::Engine engine(&argc, argv);
    if (argc < 4)
        return 2;
    idle_nodes = std::atoi(argv[1]);
    duration_s = load<double>(argv[2]);
    jobs = load<uint32_t>(argv[3]);
    auto* zone = sg4::create_full_zone("world");
    host = zone->create_host("host", 1e9);
    zone->seal();
    sg4::Actor::create("arrivals", host, [] {
        for (size_t j = 0; j < duration_s.size(); j++) {
            if (jobs[2 * j] > sg4::Engine::get_clock())
                sg4::this_actor::sleep_until(jobs[2 * j]);
            waiting.push_back(j);
            if (j + 1 == duration_s.size() || jobs[2 * j + 2] > jobs[2 * j])
                pass();
        }
    });
    std::clock_t begun = std::clock();
    engine.run();
    double took = static_cast<double>(std::clock() - begun) / CLOCKS_PER_SEC;
    std::printf("simgrid, an actor a job: w8 %zu tasks %.3f M tasks/s makespan %.6f s\n", duration_s.size(),
                static_cast<double>(duration_s.size()) / took / 1e6, last_s - first_s);
    return 0;
}
