"""Finds the program and runs it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any, Sequence


class DagcastError(Exception):
    """What dagcast refuses, in its own words."""


def find() -> str:
    """The program's path: $DAGCAST, PREFIX/bin/dagcast of an installed package, or the one on PATH."""
    named = os.environ.get("DAGCAST")
    if named:
        return named
    for folder in Path(__file__).resolve().parents:
        beside = folder / "bin" / "dagcast"
        if beside.is_file() and os.access(beside, os.X_OK):
            return str(beside)
    found = shutil.which("dagcast")
    if not found:
        raise DagcastError("the program dagcast is not on PATH; install it, or name it in $DAGCAST")
    return found


def call(arguments: Sequence[str]) -> str:
    """Runs `dagcast ARGUMENTS...`: its standard output. Exit status 2 is a DagcastError."""
    try:
        done = subprocess.run([find(), *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              encoding="utf-8", errors="surrogateescape", check=False)
    except OSError as error:
        raise DagcastError(f"{find()}: {error.strerror}") from error
    if done.returncode != 0:
        said = done.stderr.strip().splitlines()
        raise DagcastError(said[-1] if said else f"dagcast {arguments[0]} ended with status {done.returncode}")
    return done.stdout


def call_json(arguments: Sequence[str]) -> Any:
    return json.loads(call([arguments[0], "--json", *arguments[1:]]))


def version() -> str:
    """The program's version, "0.1.0"."""
    return call(["--version"]).split()[-1]
