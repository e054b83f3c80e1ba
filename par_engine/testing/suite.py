"""MethodologySuite: the tests that every methodology should pass; an author's module subclasses it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import ClassVar

from par_engine.api import Methodology, load
from par_engine.testing.cases import Ran, case_files, read_cases, run
from par_engine.testing.coverage import Coverage, cover


class MethodologySuite:
    """Subclass it, name the methodology and the folder of its cases; pytest runs what is inherited.

    `least_coverage` is the least percentage of the places of rules that the cases touch.

    >>> class TestTown(MethodologySuite):
    ...     methodology = "example-town"
    ...     cases = Path("plugins/par-example/tests/cases")
    """

    methodology: ClassVar[str]
    cases: ClassVar[Path]
    least_coverage: ClassVar[int] = 100

    @cached_property
    def loaded(self) -> Methodology:
        """The methodology."""
        return load(self.methodology)

    @cached_property
    def ran(self) -> Sequence[Ran]:
        """All cases, run."""
        files = [read_cases(path) for path in case_files(self.cases)]
        mine = [case for file in files if file.methodology == self.methodology for case in file.cases]
        return run(self.loaded.scheme, mine)

    @cached_property
    def coverage(self) -> Coverage:
        """What the cases touch."""
        return cover(self.loaded.scheme, self.ran)

    def test_cases_hold(self) -> None:
        """Every case comes out as it says."""
        failed = [f"{one.case.item}, {one.case.name}: {one.words()}" for one in self.ran if not one.passed]
        assert self.ran, f"no case of {self.methodology} in {self.cases}"
        assert not failed, "\n".join(failed)

    def test_cases_touch_the_rules(self) -> None:
        """The cases touch at least `least_coverage` per cent of the places where rules turn."""
        places = [f"{probe.leaf}: {probe.place.en}" for probe in self.coverage.untouched]
        assert self.coverage.percent >= self.least_coverage, "\n".join(places)

    def test_every_leaf_can_reach_its_maximum(self) -> None:
        """Some case of every leaf earns all of its points; a plugin's own rule may only come near."""
        best: dict[str, Fraction] = {}
        for one in self.ran:
            if one.points is not None:
                best[one.case.item] = max(one.points, best.get(one.case.item, one.points))
        short = [
            leaf.code
            for leaf in self.loaded.scheme.leaves
            if "." not in leaf.rule.name and best.get(leaf.code) != leaf.maximum
        ]
        assert not short, f"no case earns the maximum of {', '.join(short)}"

    def test_nothing_given_is_never_a_score(self) -> None:
        """A unit without any fact is missing, pending or not applicable everywhere, and never scored."""
        scheme = self.loaded.scheme
        unit = scheme.document.units[0].id if scheme.document.units else "nobody"
        evidence = {"methodology": self.methodology, "stage": "trial", "units": [{"unit": unit, "facts": {}}]}
        result = self.loaded.assess(evidence).unit(unit)
        assert [leaf.code for leaf in scheme.leaves if result.item(leaf.code).outcome == "scored"] == []

    def test_every_figure_is_explained_in_both_languages(self) -> None:
        """Each item has words, a basis and, unless reconstructed by a ruling, a source."""
        for code, item in self.loaded.scheme.items.items():
            assert item.sources or item.rulings, f"{code} cites neither source nor ruling"
            assert item.basis != "official" or item.sources, f"{code} is official without a source"
            assert item.title.vi and item.title.en

    def test_the_fingerprint_is_pinned(self) -> None:
        """`fingerprints.json` beside the cases has this version and fingerprint: no figure moves unannounced."""
        path = self.cases.parent / "fingerprints.json"
        pinned = json.loads(path.read_text(encoding="utf-8")).get(self.methodology) if path.exists() else None
        now = {"version": self.loaded.version, "fingerprint": self.loaded.fingerprint}
        hint = "raise the version, say in the changelog under 'Figures affected' which figures change, and write into"
        assert pinned == now, f'{hint} {path.name}:\n"{self.methodology}": {json.dumps(now, indent=2)}'

    def test_the_rulings_page_says_what_the_data_say(self) -> None:
        """RULINGS.md of the plugin repeats every ruling of the data in both languages, and no other."""
        path = self.cases.parents[1] / "RULINGS.md"
        page = path.read_text(encoding="utf-8") if path.exists() else ""
        section = page.partition(f"\n## {self.methodology}\n")[2].partition("\n## ")[0]
        found = dict(re.findall(r"- \*\*(R\d+)\*\* (.+\n  .+)", section))
        rulings = self.loaded.document.rulings
        assert found == {key: f"{text.vi}\n  {text.en}" for key, text in rulings.items()}, f"hold {path} to the data"

    def test_loading_twice_gives_one_fingerprint(self) -> None:
        """Nothing of the plugin depends on clock, order or place."""
        assert load(self.methodology).fingerprint == self.loaded.fingerprint
