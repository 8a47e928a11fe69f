"""`make bench`: speeds as ratios taken in one run, each against a floor or a peer that does the same work.

    python -m benchmarks [--rows N] [--runs N]

One line a figure: name, median, ratio, target, met or not. All of it as JSON in benchmarks/results/latest.json.
Servers and database are its own, made for the run and removed after it."""

from __future__ import annotations

import argparse
import io
import os
import shutil
import sys

from bacyen import local_servers
from bacyen.local_servers import CHECKOUT, State


def main() -> int:
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--rows", type=int, default=25_000, help="rows of the file that is imported")
    parser.add_argument("--runs", type=int, default=3, help="runs of each measurement; the median counts")
    options = parser.parse_args()
    state = State(CHECKOUT / ".state-bench" / str(os.getpid()))
    os.environ["BACYEN_STATE"] = str(state.directory)
    os.environ["DJANGO_SETTINGS_MODULE"] = "bacyen.settings"
    local_servers.ensure(state)
    try:
        return _run(options)
    finally:
        local_servers.destroy(state)
        shutil.rmtree(state.directory, ignore_errors=True)


def _run(options: argparse.Namespace) -> int:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    plan = CHECKOUT / "campaigns" / "reference" / "plan_bac_yen_2023.yaml"
    for command in (["load_reference"], ["load_plan", str(plan)]):
        call_command(*command, stdout=io.StringIO(), stderr=io.StringIO())

    from benchmarks import bench_import, figures

    taken = figures.Figures(rows=options.rows, runs=options.runs)
    bench_import.measure(taken)
    taken.save(CHECKOUT / "benchmarks" / "results" / "latest.json")
    return 0


if __name__ == "__main__":
    sys.exit(main())
