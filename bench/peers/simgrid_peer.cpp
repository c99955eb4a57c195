// bench/peers/simgrid_peer.cpp - W1, W2, W3 and W7 as a SimGrid user would write them: tasks are actors that sleep for the given durations, resources
// are counted by the program, who ends starts the next (no scheduler actor to switch to). Two idioms:
//
//     tasks      each task is an actor of its own: it is created when the task starts and ends with it
//     workers    an actor goes on with the task that takes its place, so that there are as many as run at once: the fastest there is
//
//     simgrid_peer tasks|workers w1|w2|w3|w7 N DURATIONS [EDGES]     DURATIONS: N doubles; EDGES: pairs of uint32 task numbers (w3)
//
// Prints tasks/s of the simulation itself (processor time) and the makespan.
#include <simgrid/s4u.hpp>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <vector>

#include "load.hpp"

namespace sg4 = simgrid::s4u;

static std::vector<double> duration_s;
static sg4::Host* host;
static bool workers;                                            // else an actor a task

// W1: on each core one task follows the other.
static size_t next_task = 0;

static void core()
{
    do {
        if (next_task == duration_s.size())
            return;
        sg4::this_actor::sleep_for(duration_s[next_task++]);
    } while (workers);
    if (next_task < duration_s.size())
        sg4::Actor::create("c", host, core);
}

// W7: the same, and each task reads before and after it sleeps: SimGrid's fluid model shares the disk among who uses it.
static sg4::Disk* disk;

static void core_with_files()
{
    const sg_size_t amount = sg_size_t(500) << 20;
    do {
        if (next_task == duration_s.size())
            return;
        double own_s = duration_s[next_task++];
        disk->read(amount);
        sg4::this_actor::sleep_for(own_s);
        disk->read(amount);
    } while (workers);
    if (next_task < duration_s.size())
        sg4::Actor::create("c", host, core_with_files);
}

// W2: a task that ends gives back what it held and starts all that fits.
struct kind { size_t next, end; int cores, gpus; };
static std::vector<kind> kinds;
static std::vector<int> free_cores, free_gpus;
static std::vector<std::pair<size_t, size_t>> started;          // (task, node) that wait for an actor

static bool place(kind& k)
{
    for (size_t node = 0; node < free_cores.size(); node++)
        if (free_cores[node] >= k.cores && free_gpus[node] >= k.gpus) {
            free_cores[node] -= k.cores;
            free_gpus[node] -= k.gpus;
            started.emplace_back(k.next++, node);
            return true;
        }
    return false;
}

static void run_one();

static void start_all()
{
    for (kind& k : kinds)
        while (k.next < k.end && place(k))
            ;
    while (started.size() > (workers ? 1 : 0)) {                 // the last is left to the actor that goes on
        auto one = started.back();
        started.pop_back();
        sg4::Actor::create("t", host, [one] { started.push_back(one); run_one(); });
    }
}

static void run_one()
{
    do {
        if (started.empty())
            return;
        auto [task, node] = started.back();
        started.pop_back();
        sg4::this_actor::sleep_for(duration_s[task]);
        const kind& k = task < kinds[0].end ? kinds[0] : task < kinds[1].end ? kinds[1] : kinds[2];
        free_cores[node] += k.cores;
        free_gpus[node] += k.gpus;
        start_all();
    } while (workers);
}

// W3: a list of ready tasks; cores that find none end and begin again when there is work.
static std::vector<size_t> begin_of;
static std::vector<uint32_t> child, waits, ready;
static size_t head = 0;
static int idle = 0;

static void worker()
{
    do {
        if (head == ready.size())
            break;
        uint32_t task = ready[head++];
        sg4::this_actor::sleep_for(duration_s[task]);
        for (size_t i = begin_of[task]; i < begin_of[task + 1]; i++)
            if (--waits[child[i]] == 0)
                ready.push_back(child[i]);
        while (idle > 0 && ready.size() - head > 1) {
            idle--;
            sg4::Actor::create("w", host, worker);
        }
    } while (workers);
    if (!workers && head < ready.size())
        sg4::Actor::create("w", host, worker);
    else
        idle++;
}

static void prepare_w3(const char* path)
{
    auto pairs = load<uint32_t>(path);
    size_t n = duration_s.size();
    begin_of.assign(n + 2, 0);
    waits.assign(n, 0);
    for (size_t e = 0; e < pairs.size(); e += 2)
        begin_of[pairs[e] + 2]++;
    for (size_t i = 2; i < n + 2; i++)
        begin_of[i] += begin_of[i - 1];
    child.resize(pairs.size() / 2);
    for (size_t e = 0; e < pairs.size(); e += 2) {
        child[begin_of[pairs[e] + 1]++] = pairs[e + 1];
        waits[pairs[e + 1]]++;
    }
    for (uint32_t t = 0; t < n; t++)
        if (waits[t] == 0)
            ready.push_back(t);
}

int main(int argc, char** argv)
{
    sg4::Engine engine(&argc, argv);
    if (argc < 5) {
        std::fprintf(stderr, "usage: simgrid_peer tasks|workers w1|w2|w3|w7 N DURATIONS [EDGES]\n");
        return 2;
    }
    workers = !std::strcmp(argv[1], "workers");
    const char* work = argv[2];
    duration_s = load<double>(argv[4]);
    size_t n = duration_s.size(), cores = 16 * 42;
    auto* zone = sg4::create_full_zone("world");
    host = zone->create_host("host", 1e9);
    disk = host->create_disk("scratch", 5000.0 * (1 << 20), 5000.0 * (1 << 20));
    zone->seal();
    if (!std::strcmp(work, "w1"))
        for (size_t c = 0; c < cores; c++)
            sg4::Actor::create("c", host, core);
    if (!std::strcmp(work, "w7"))
        for (size_t c = 0; c < cores; c++)
            sg4::Actor::create("c", host, core_with_files);
    if (!std::strcmp(work, "w2")) {
        kinds = { { 0, n / 2, 4, 1 }, { n / 2, n / 2 + n / 4, 32, 0 }, { n / 2 + n / 4, n / 2 + 2 * (n / 4), 16, 1 } };
        free_cores.assign(16, 42);
        free_gpus.assign(16, 6);
        sg4::Actor::create("first", host, [] { start_all(); if (workers) run_one(); });
    }
    if (!std::strcmp(work, "w3")) {
        prepare_w3(argv[5]);
        for (size_t c = 0; c < cores; c++)
            sg4::Actor::create("w", host, worker);
    }
    std::clock_t begun = std::clock();
    engine.run();
    double took = static_cast<double>(std::clock() - begun) / CLOCKS_PER_SEC;
    std::printf("simgrid, %s: %s %zu tasks %.3f M tasks/s makespan %.6f s\n", argv[1], work, n, static_cast<double>(n) / took / 1e6, sg4::Engine::get_clock());
    return 0;
}
