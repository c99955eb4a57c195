#!/usr/bin/python3
"""bench/peers/simpy_peer.py - W1, W2 and W3 as a SimPy user who cares for speed writes them: callbacks on timeouts, resources counted by hand.

    simpy_peer.py w1|w2|w3 N DURATIONS [EDGES]      files as for simgrid_peer
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


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    which, durations, env = sys.argv[1], load(sys.argv[3], "d"), simpy.Environment()
    edges = load(sys.argv[4], "I") if which == "w3" else None
    begun = time.process_time()
    if which == "w1":
        w1(env, durations, 16 * 42)
    elif which == "w2":
        w2(env, durations, 16)
    else:
        w3(env, durations, 16 * 42, edges)
    env.run()
    took = time.process_time() - begun
    print(f"simpy {which} {len(durations)} tasks {len(durations) / took / 1e6:.3f} M tasks/s makespan {env.now:.6f} s")


main()
