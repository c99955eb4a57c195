#!/usr/bin/env python3
"""bench/wfformat.py N - a WfFormat 1.5 instance of N tasks (hundreds) on standard output: W3's 100 layers, three random parents each."""
import json
import random
import sys

LAYERS, PARENTS = 100, 3


def name(task, width):
    return f"layer{task // width}_ID{task:07d}"


def main():
    n = int(sys.argv[1])
    width = n // LAYERS
    random.seed(1)
    parents, children = [[] for _ in range(n)], [[] for _ in range(n)]
    for task in range(width, n):
        layer = task // width
        for parent in sorted({random.randrange((layer - 1) * width, layer * width) for _ in range(PARENTS)}):
            parents[task].append(name(parent, width))
            children[parent].append(name(task, width))
    tasks = [{"name": f"layer{t // width}", "id": name(t, width), "parents": parents[t], "children": children[t],
              "inputFiles": [f"in{t}"], "outputFiles": [f"out{t}"]} for t in range(n)]
    runs = [{"id": name(t, width), "runtimeInSeconds": round(random.gauss(340, 17), 3), "coreCount": 1, "machines": [f"m{t % 16}"]}
            for t in range(n)]
    machines = [{"nodeName": f"m{m}", "cpu": {"coreCount": 48, "speedInMHz": 2400}} for m in range(16)]
    json.dump({"name": "layers", "schemaVersion": "1.5", "workflow": {
        "specification": {"tasks": tasks},
        "execution": {"makespanInSeconds": 1, "executedAt": "2024-01-01T00:00:00Z", "tasks": runs, "machines": machines}}}, sys.stdout)


main()
