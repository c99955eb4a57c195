#!/usr/bin/python3
"""bench/peers/simpy_easy.py NODES DURATIONS JOBS - W8 in SimPy: callbacks on timeouts, EASY backfilling over counted nodes.

DURATIONS: doubles; JOBS: pairs of uint32, arrival in seconds and nodes.
"""
import bisect
import sys
import time
from array import array

import simpy


def load(path, code):
    values = array(code)
    with open(path, "rb") as f:
        values.frombytes(f.read())
    return values


def main():
    nodes, durations, jobs = int(sys.argv[1]), load(sys.argv[2], "d"), load(sys.argv[3], "I")
    env, waiting, running = simpy.Environment(), [], []
    state = {"idle": nodes, "first": float("inf"), "last": 0.0}

    def start(job):
        need, end = jobs[2 * job + 1], env.now + durations[job]
        bisect.insort(running, (end, job))
        state["idle"] -= need
        state["first"] = min(state["first"], env.now)
        state["last"] = max(state["last"], end)
        env.timeout(durations[job], job).callbacks.append(ended)

    def ended(event):
        job = event.value
        del running[bisect.bisect_left(running, (env.now, job))]
        state["idle"] += jobs[2 * job + 1]
        schedule()

    def schedule():
        while waiting and jobs[2 * waiting[0] + 1] <= state["idle"]:
            start(waiting.pop(0))
        if len(waiting) < 2 or state["idle"] == 0:
            return
        free, need, reserved = state["idle"], jobs[2 * waiting[0] + 1], 0.0
        for end, job in running:
            if free >= need and end != reserved:
                break
            free += jobs[2 * job + 1]
            reserved = end
        spare, kept = free - need, waiting[:1]
        for job in waiting[1:]:
            need, ends = jobs[2 * job + 1], env.now + durations[job] <= reserved
            if need > state["idle"] or (not ends and need > spare):
                kept.append(job)
                continue
            spare -= 0 if ends else need
            start(job)
        waiting[:] = kept

    def arrive(event):
        job = event.value
        arrival = jobs[2 * job]
        while job < len(durations) and jobs[2 * job] == arrival:
            waiting.append(job)
            job += 1
        if job < len(durations):
            env.timeout(jobs[2 * job] - env.now, job).callbacks.append(arrive)
        schedule()

    env.timeout(jobs[0], 0).callbacks.append(arrive)
    begun = time.process_time()
    env.run()
    took = time.process_time() - begun
    print(f"simpy, callbacks: w8 {len(durations)} tasks {len(durations) / took / 1e6:.4f} M tasks/s "
          f"makespan {state['last'] - state['first']:.6f} s")


main()
