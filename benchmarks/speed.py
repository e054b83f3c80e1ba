"""Ratios in one run: the engine beside hand-written floats. `python benchmarks/speed.py`."""

from __future__ import annotations

import itertools
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # one thread for both lanes, whatever the machine has

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import floats
import sixty
import synthetic
from lanes import as_dict, evidence

import par_engine as par
from par_engine.base.decimals import round_down_digits
from par_engine.scoring.aggregate import aggregate, layout
from par_engine.scoring.bind import bind
from par_engine.scoring.score import score


def pairs(
    a: Callable[[], object], b: Callable[[], object], rounds: int, clock: Callable[[], float] = time.process_time
) -> tuple[float, float, float]:
    """Median seconds of a and of b, and the median of their ratios, in turns.

    Of this process alone, unless another clock is given: what else the machine does is not in the time of a processor.
    """
    times = []
    for _ in range(rounds):
        t0 = clock()
        a()
        t1 = clock()
        b()
        times.append((t1 - t0, clock() - t1))
    return (
        statistics.median(x for x, _ in times),
        statistics.median(y for _, y in times),
        statistics.median(x / y for x, y in times),
    )


def race(units: int, rounds: int) -> None:
    """Bound columns in; all points, outcomes, totals and printed totals out."""
    scheme = par.from_document(synthetic.document()).scheme
    facts = synthetic.columns(units)
    read = evidence(scheme, facts, units)
    bound, other = bind(scheme, read), floats.bind(facts)
    members = layout(scheme).members

    def engine() -> None:
        sums = aggregate(scheme, None, score(scheme, bound, members))
        round_down_digits(sums.points, 2, "half_up")

    engine()
    ours, theirs, ratio = pairs(engine, lambda: floats.score(other), rounds)
    print(f"{units:>9,} units: {ours * 1e3:10.3f} ms  floats {theirs * 1e3:10.3f} ms  ratio {ratio:5.2f}", flush=True)


def one_unit() -> None:
    """A Python dict, validated, to a result, beside one bound unit of the floats."""
    methodology = par.from_document(synthetic.document())
    facts = synthetic.columns(1)
    entry, other = as_dict(facts, 0), floats.bind(facts)
    methodology.assess(entry)
    ours, theirs, ratio = pairs(lambda: methodology.assess(entry).units[0].index, lambda: floats.score(other), 300)
    print(
        f"one dict to a result: {ours * 1e3:.3f} ms  one bound unit of floats {theirs * 1e6:.0f} µs  ratio {ratio:.0f}"
    )


def stages(units: int) -> None:
    """What the other stages cost, as parts of scoring."""
    methodology = par.from_document(synthetic.document())
    facts = synthetic.columns(units)
    marks = [time.perf_counter()]
    read = evidence(methodology.scheme, facts, units)
    marks.append(time.perf_counter())
    bound = bind(methodology.scheme, read)
    marks.append(time.perf_counter())
    scored = score(methodology.scheme, bound, layout(methodology.scheme).members)
    aggregate(methodology.scheme, None, scored)
    marks.append(time.perf_counter())
    spans = [b - a for a, b in itertools.pairwise(marks)]
    shown = ", ".join(
        f"{name} {span / spans[2]:.1f}" for name, span in zip(("validate", "bind", "score"), spans, strict=True)
    )
    print(f"{units:,} units, in units of scoring: {shown}")


def memory(units: int) -> None:
    """Peak memory of scoring over the bound columns and the points it returns."""
    scheme = par.from_document(synthetic.document()).scheme
    bound = bind(scheme, evidence(scheme, synthetic.columns(units), units))
    inputs = sum(a.nbytes for block in bound.inputs for a in block) + bound.status.nbytes
    import tracemalloc

    tracemalloc.start()
    scored = score(scheme, bound, layout(scheme).members)
    sums = aggregate(scheme, None, scored)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    base = inputs + scored.points.nbytes
    print(f"memory, {units:,} units: {(inputs + peak) / base:.2f} × bound columns and points")
    del sums
    print(f"peak of the whole process {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10:.0f} MiB")


def start_up() -> None:
    """Imports, `par --help` and `par score` as whole processes, with compiled modules as an installation has them."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}

    def run(*words: str) -> Callable[[], object]:
        return lambda: subprocess.run([sys.executable, *words], capture_output=True, check=False, env=environment)

    def par_(*words: str) -> Callable[[], object]:
        return run("-c", f"import sys; sys.argv={['par', *words]!r}; from par_engine.cli.main import run; run()")

    def race(a: Callable[[], object], b: Callable[[], object]) -> tuple[float, float, float]:
        a(), b()
        return pairs(a, b, 15, time.perf_counter)

    nothing, help_ = run("-c", "pass"), par_("--help")
    # what a first model loads: pydantic's own module imports next to nothing before it is asked for something
    heavy = "import numpy, pluggy, importlib.metadata, pydantic.main, pydantic.types"
    _, _, ratio = race(run("-c", "import par_engine"), run("-c", heavy))
    print(f"import par_engine: {ratio:.2f} × importing its dependencies")
    _, _, ratio = race(run("-c", f"{heavy}; import par_engine; par_engine.load"), run("-c", heavy))
    print(f"import par_engine with all it needs: {ratio:.2f} × importing its dependencies")
    a, b, _ = race(help_, nothing)
    print(f"par --help: {a:.3f} s where python -c pass takes {b:.3f} s")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "provinces.json"
        path.write_text(json.dumps(sixty.evidence(par.load("2021-province"), "appraisal"), ensure_ascii=False))
        score_ = par_("score", str(path), "-m", "2021-province")
        a, b, ratio = race(score_, help_)
        print(f"par score of 63 provinces: {a:.3f} s, par --help {b:.3f} s, ratio {ratio:.2f}")
        empty = run("-c", "import typer._adapters, numpy, pluggy, importlib.metadata")
        a, b, ratio = race(score_, empty)
        print(f"par score of 63 provinces: {ratio:.2f} × importing typer, pydantic, numpy and pluggy ({b:.3f} s)")


if __name__ == "__main__":
    for size, rounds in ((1, 400), (1_000, 60), (100_000, 9), (1_000_000, 5)):
        race(size, rounds)
    one_unit()
    stages(100_000)
    memory(200_000)
    start_up()
