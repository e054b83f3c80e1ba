"""bands: a measure falls in one band, which gives fixed points or points that rise along it."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from par_engine.base.decimals import Exact, Number, is_decimal
from par_engine.base.types import Fact, FactId, Node, Text, Value, declared, declared_share, say
from par_engine.i18n.catalogue import Lang
from par_engine.rules.base import CoreRule, Fault, Points, fact_fault, within
from par_engine.rules.ratio import WhenZero, part_over_whole, when_zero, zero_words


class Measure(Node):
    """What is measured: a fact, the share part / whole, or the change (now - before) / before."""

    fact: FactId | None = None
    part: FactId | None = None
    whole: FactId | None = None
    now: FactId | None = None
    before: FactId | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        given = {name for name in ("fact", "part", "whole", "now", "before") if getattr(self, name) is not None}
        if given not in ({"fact"}, {"part", "whole"}, {"now", "before"}):
            raise ValueError("give either fact, or part and whole, or now and before")
        return self

    @property
    def kind(self) -> Literal["fact", "share", "change"]:
        """Which of the three it is."""
        return "fact" if self.fact is not None else "share" if self.part is not None else "change"

    def facts(self) -> tuple[str, ...]:
        """The facts it reads: the measure, or numerator and denominator."""
        return tuple(name for name in (self.fact, self.part, self.whole, self.now, self.before) if name is not None)


class Band(Node):
    """One band: `from` ≥, `above` >, `below` <, `to` ≤; fixed `points`, or rising to `points_to` at its upper end."""

    from_: Annotated[Number | None, Field(alias="from")] = None
    above: Number | None = None
    below: Number | None = None
    to: Number | None = None
    points: Exact
    points_to: Exact | None = None

    @model_validator(mode="after")
    def _bounds(self) -> Self:
        if self.from_ is not None and self.above is not None:
            raise ValueError("give from or above, not both")
        if self.below is not None and self.to is not None:
            raise ValueError("give below or to, not both")
        if self.points_to is not None and (self.lower is None or self.upper is None):
            raise ValueError("points_to needs a lower and an upper bound")
        return self

    @property
    def lower(self) -> Fraction | None:
        """The lower bound, or None."""
        return self.above if self.from_ is None else self.from_

    @property
    def upper(self) -> Fraction | None:
        """The upper bound, or None."""
        return self.to if self.below is None else self.below

    def empty(self) -> bool:
        """Whether no measure lies in it; a band from a number to the same number holds that number alone."""
        if self.lower is None or self.upper is None or self.lower < self.upper:
            return False
        return self.lower > self.upper or self.from_ is None or self.to is None or self.points_to is not None

    def line(self) -> tuple[Fraction, Fraction]:
        """Points as slope × measure + constant."""
        if self.points_to is None or self.lower is None or self.upper is None:
            return Fraction(0), self.points
        slope = (self.points_to - self.points) / (self.upper - self.lower)
        return slope, self.points - slope * self.lower

    def holds(self, x: Fraction) -> bool:
        """Whether `x` lies at or above its lower bound."""
        return (self.from_ is None or x >= self.from_) and (self.above is None or x > self.above)


class Bands(CoreRule):
    """The points of the band in which the measure lies."""

    name: Literal["bands"]
    measure: Measure
    whole_zero: WhenZero | None = None
    over: Literal["allow", "refuse"] | None = None
    bands: Annotated[list[Band], Field(min_length=1, max_length=200)]
    monotone: Literal[False] | None = None  # said where points rise and fall again on purpose

    @model_validator(mode="after")
    def _declared(self) -> Self:
        if (self.whole_zero is None) != (self.measure.kind == "fact"):
            raise ValueError("whole_zero goes with part/whole and now/before, always and only")
        if (self.over is None) != (self.measure.kind != "share"):
            raise ValueError("over goes with part/whole, always and only")
        return self

    def facts(self) -> tuple[str, ...]:
        return self.measure.facts()

    def check(self, facts: Mapping[str, Fact], maximum: Fraction, decimals: int) -> Iterator[Fault]:
        for name in self.facts():
            yield from fact_fault(facts, name, ("count", "decimal"), "/measure")
        for name in self.facts() if self.measure.kind != "fact" else ():
            least = facts[name].min if name in facts else None
            if least is not None and least < 0:
                yield "/measure", f'fact "{name}" can be negative', "shares and changes need amounts of 0 or more"
        least, most = self._range(facts)
        first, last = self.bands[0], self.bands[-1]
        if first.lower is not None and (least is None or not first.holds(least)):
            what, hint = "the first band has a lower bound", "every measure must fall in a band: leave it open below"
            yield "/bands/0", what, hint
        if last.upper is not None and (most is None or most > last.upper or (most == last.upper and last.to is None)):
            what, hint = "the last band has an upper bound", "every measure must fall in a band: leave it open above"
            yield f"/bands/{len(self.bands) - 1}", what, hint
        for i, band in enumerate(self.bands):
            yield from within("points", band.points, maximum, decimals, f"/bands/{i}/points")
            if band.points_to is not None:
                yield from within("points_to", band.points_to, maximum, decimals, f"/bands/{i}/points_to")
            if band.lower is not None and band.upper is not None and band.empty():
                yield f"/bands/{i}", "the lower bound is not below the upper bound", "write bands in ascending order"
        for i, (low, high) in enumerate(zip(self.bands, self.bands[1:], strict=False), start=1):
            end, start = low.upper, high.lower
            if end is None or start is None:
                yield f"/bands/{i}", "two neighbouring bands have an open end between them", "give both bounds"
            elif end < start or (end == start and low.below is not None and high.above is not None):
                yield f"/bands/{i}", f"there is a gap before {declared(start, 'en')}", "bands must meet"
            elif end > start or (low.to is not None and high.from_ is not None):
                yield (
                    f"/bands/{i}",
                    f"the band overlaps the one before it at {declared(start, 'en')}",
                    "bands must not overlap",
                )

    def _range(self, facts: Mapping[str, Fact]) -> tuple[Fraction | None, Fraction | None]:
        """The least and the greatest measure that the facts' declarations admit, as far as they are known."""
        if self.measure.kind == "share":
            return Fraction(0), Fraction(1) if self.over == "refuse" else None
        if self.measure.kind == "change":
            return Fraction(-1), None
        fact = facts.get(self.facts()[0])
        if fact is None:
            return None, None
        return (fact.min if fact.min is not None else Fraction(0)), fact.max

    def refuse(self, values: Sequence[Value], maximum: Fraction) -> Text | None:
        if self.over != "refuse":
            return None
        part, whole = values
        assert isinstance(part, Fraction) and isinstance(whole, Fraction)
        return part_over_whole(str(self.measure.part), str(self.measure.whole)) if part > whole else None

    def _measure(self, values: Sequence[Value]) -> Fraction | None:
        numbers = [value for value in values if isinstance(value, Fraction)]
        if self.measure.kind == "fact":
            return numbers[0]
        num, den = numbers
        if den == 0:
            return None
        return num / den if self.measure.kind == "share" else (num - den) / den

    def score(self, values: Sequence[Value], maximum: Fraction) -> Points:
        x = self._measure(values)
        if x is None:
            assert self.whole_zero is not None
            return when_zero(self.whole_zero, maximum)
        slope, constant = next(band for band in reversed(self.bands) if band.holds(x)).line()
        return slope * x + constant

    def words(self, lang: Lang, facts: Mapping[str, Fact], maximum: Fraction) -> str:
        titles = [facts[name].title.get(lang) for name in self.facts()]
        percent = self.measure.kind != "fact"
        change = "(%s − %s) / %s" if self.measure.kind == "change" else "%s / %s"
        head = (
            (change % (*titles, titles[-1]) if self.measure.kind == "change" else change % tuple(titles))
            if percent
            else titles[0]
        )
        signs = {"vi": ("từ", "trên", "dưới", "đến"), "en": ("from", "above", "below", "to")}[lang]
        parts = []
        for band in self.bands:
            bounds = [
                f"{sign} {declared_share(x, lang) if percent else declared(x, lang)}"
                for sign, x in zip(signs, (band.from_, band.above, band.below, band.to), strict=True)
                if x is not None
            ]
            if band.from_ is not None and band.from_ == band.to:
                bounds = [f"{'đúng' if lang == 'vi' else 'exactly'} {bounds[0].partition(' ')[2]}"]
            rise = f" → {say(band.points_to, lang)}" if band.points_to is not None else ""
            span = " ".join(bounds) or ("mọi giá trị" if lang == "vi" else "any value")
            parts.append(f"{span}: {say(band.points, lang)}{rise}")
        zero = f"; {zero_words(self.whole_zero, lang)}" if self.whole_zero else ""
        return f"{head} — {'; '.join(parts)}{zero}"

    def arithmetic(self, lang: Lang, values: Sequence[Value], maximum: Fraction) -> str:
        x = self._measure(values)
        if x is None:
            assert self.whole_zero is not None
            return zero_words(self.whole_zero, lang)
        band = next(band for band in reversed(self.bands) if band.holds(x))
        shown = say(x, lang) if self.measure.kind == "fact" else f"{say(x * 100, lang)} %"
        cuts = [y for band in self.bands for y in (band.lower, band.upper) if y is not None]
        if not is_decimal(x) and not all(map(is_decimal, cuts)):
            shown = f"{declared(x, lang)} {shown}"  # what the fraction of a bound is compared with
        if band.points_to is None or band.lower is None or band.upper is None:
            return f"{shown} → {say(band.points, lang)}"
        low, high = declared(band.lower, lang), declared(band.upper, lang)
        rise = say(band.points_to - band.points, lang)
        return f"{shown}; {say(band.points, lang)} + {rise} × ({say(x, lang)} − {low}) / ({high} − {low})"
