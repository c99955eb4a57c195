#!/usr/bin/python3
"""bench/peers/simpy_peer.py - W1, W2 and W3 in SimPy, in two idioms.

    simpy_peer.py processes|callbacks w1|w2|w3 N DURATIONS [EDGES]      files as for simgrid_peer

processes: as SimPy's manual teaches it and its users write it: a process a task, which requests a Resource and waits for a timeout (W2,
whose tasks need room of two kinds on one node: a process a task, started by a scheduler that looks for the node). callbacks: no
processes and no resources at all, functions hung on timeouts and counters by hand: the fastest there is, and no longer what SimPy is for.
"""
import sys
import time
from array import array

import simpy


def load(path, code):
    values = array(code)
    with open(path, "rb") as f:
        values.frombytes(f.read())
    return values


def w1(env, durations, cores):
    pending = iter(durations)

    def start_next(_event):
        d = next(pending, None)
        if d is not None:
            env.timeout(d).callbacks.append(start_next)

    for _ in range(cores):
        start_next(None)


def w2(env, durations, nodes):
    n = len(durations)
    kinds = [[0, n // 2, 4, 1], [n // 2, n // 2 + n // 4, 32, 0], [n // 2 + n // 4, n // 2 + 2 * (n // 4), 16, 1]]
    cores, gpus = [42] * nodes, [6] * nodes

    def start_all():
        for kind in kinds:
            task, end, need, devices = kind
            while task < end:
                for node in range(nodes):
                    if cores[node] >= need and gpus[node] >= devices:
                        break
                else:
                    break
                cores[node] -= need
                gpus[node] -= devices
                timeout = env.timeout(durations[task], (node, need, devices))
                timeout.callbacks.append(ended)
                task += 1
            kind[0] = task

    def ended(event):
        node, need, devices = event.value
        cores[node] += need
        gpus[node] += devices
        start_all()

    start_all()


def w3(env, durations, cores, edges):
    n = len(durations)
    children, waits = [[] for _ in range(n)], [0] * n
    for parent, child in zip(edges[0::2], edges[1::2]):
        children[parent].append(child)
        waits[child] += 1
    ready = [t for t in range(n) if waits[t] == 0]
    state = {"head": 0, "idle": cores}

    def start_all():
        while state["idle"] and state["head"] < len(ready):
            task = ready[state["head"]]
            state["head"] += 1
            state["idle"] -= 1
            env.timeout(durations[task], task).callbacks.append(ended)

    def ended(event):
        state["idle"] += 1
        for child in children[event.value]:
            waits[child] -= 1
            if waits[child] == 0:
                ready.append(child)
        start_all()

    start_all()


def w1_processes(env, durations, cores):
    pool = simpy.Resource(env, cores)

    def task(duration):
        with pool.request() as slot:
            yield slot
            yield env.timeout(duration)

    for d in durations:
        env.process(task(d))


def w2_processes(env, durations, nodes):
    n = len(durations)
    kinds = [[0, n // 2, 4, 1], [n // 2, n // 2 + n // 4, 32, 0], [n // 2 + n // 4, n // 2 + 2 * (n // 4), 16, 1]]
    cores, gpus = [42] * nodes, [6] * nodes
    freed = [env.event()]

    def task(node, need, devices, duration):
        yield env.timeout(duration)
        cores[node] += need
        gpus[node] += devices
        if not freed[0].triggered:
            freed[0].succeed()

    def scheduler():
        while True:
            for kind in kinds:
                task_number, end, need, devices = kind
                while task_number < end:
                    for node in range(nodes):
                        if cores[node] >= need and gpus[node] >= devices:
                            break
                    else:
                        break
                    cores[node] -= need
                    gpus[node] -= devices
                    env.process(task(node, need, devices, durations[task_number]))
                    task_number += 1
                kind[0] = task_number
            if all(kind[0] == kind[1] for kind in kinds):
                return
            freed[0] = env.event()
            yield freed[0]

    env.process(scheduler())


def w3_processes(env, durations, cores, edges):
    pool, parents = simpy.Resource(env, cores), [[] for _ in durations]
    for parent, child in zip(edges[0::2], edges[1::2]):
        parents[child].append(parent)
    done = []

    def task(t):
        yield env.all_of([done[p] for p in parents[t]])
        with pool.request() as slot:
            yield slot
            yield env.timeout(durations[t])

    for t in range(len(durations)):                  # parents have the lower numbers
        done.append(env.process(task(t)))


def main():
    if len(sys.argv) < 5 or sys.argv[1] not in ("processes", "callbacks"):
        sys.exit(__doc__)
    idiom, which, durations, env = sys.argv[1], sys.argv[2], load(sys.argv[4], "d"), simpy.Environment()
    edges = load(sys.argv[5], "I") if which == "w3" else None
    work = globals()[which if idiom == "callbacks" else which + "_processes"]
    begun = time.process_time()
    if which == "w3":
        work(env, durations, 16 * 42, edges)
    else:
        work(env, durations, 16 * 42 if which == "w1" else 16)
    env.run()
    took = time.process_time() - begun
    print(f"simpy, {idiom}, {which} {len(durations)} tasks {len(durations) / took / 1e6:.3f} M tasks/s makespan {env.now:.6f} s")


main()
