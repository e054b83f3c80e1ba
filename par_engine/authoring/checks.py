"""Laws of sound schemes: what loading cannot know to be wrong, and yet nobody means, each fault with place and hint."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterator, Mapping
from fractions import Fraction

from par_engine.authoring.reachability import Span, maximum, measures, span_of
from par_engine.base.decimals import is_decimal
from par_engine.base.problems import did_you_mean, pointer
from par_engine.base.types import declared, say
from par_engine.i18n.catalogue import Lang
from par_engine.methodology.model import TOTAL, Item, Total
from par_engine.methodology.scheme import Scheme
from par_engine.rules.bands import Band, Bands
from par_engine.rules.boundaries import bounds
from par_engine.rules.checklist import Checklist
from par_engine.rules.choice import Choice
from par_engine.rules.deduction import Deduction
from par_engine.rules.ratio import Ratio
from par_engine.rules.survey import SurveyRule
from par_engine.rules.tally import Tally

Found = tuple[str, str, str, str, str, str]  # pointer, code, what and hint in English, what and hint in Vietnamese
_NUMBER = re.compile(r"(?<![\d.,])\d+(?:[.,]\d+)?")
_FRACTION = re.compile(r"(?<![\d/.,-])[1-9]\d{0,8}/[1-9]\d{0,5}(?![\d/-]|[.,]\d)", re.ASCII)
_BEYOND = re.compile(r"\b(?:vượt|beyond|exceed\w*)\b", re.IGNORECASE)


def faults(scheme: Scheme, known: Collection[str] | None) -> Iterator[Found]:
    """All broken laws; `known` are the ids that lineage may name, None for any."""
    for law in (_leaves, _bands, _rules, _words, _roof, _groups, _idle, _cited, _dates):
        yield from law(scheme)
    yield from _lineage(scheme, known)


def places(scheme: Scheme) -> Mapping[str, str]:
    """The pointer of every item by its code."""
    return {item.code: pointer("items", i) for i, item in enumerate(scheme.document.items)} | {TOTAL: "/total"}


def _leaves(scheme: Scheme) -> Iterator[Found]:
    """Every leaf can earn its maximum, and not the same points whatever is reported."""
    at = places(scheme)
    for leaf in scheme.leaves:
        place, rule = at[leaf.code] + "/rule", leaf.rule
        if maximum(leaf) is False:
            top = leaf.maximum
            yield (
                place,
                "unreachable-maximum",
                f"no facts earn the maximum of {leaf.code}, {say(top, 'en')}",
                "correct the maximum, the points, or the range of the facts",
                f"không số liệu nào đạt điểm tối đa {say(top, 'vi')} của {leaf.code}",
                "sửa điểm tối đa, các mức điểm hoặc phạm vi của số liệu",
            )
        design = leaf.surveys[0]
        same = (
            (isinstance(rule, Choice) and len(set(rule.points.values())) == 1)
            or (isinstance(rule, SurveyRule) and design is not None and len({o.share for o in design.options}) == 1)
            or (isinstance(rule, Bands) and len({points for band in rule.bands for points in _ends(band)}) == 1)
            or (isinstance(rule, Deduction) and rule.floor == leaf.maximum)
        )
        if same:
            yield (
                place,
                "constant",
                f"{leaf.code} earns the same points whatever is reported",
                "give the options different points",
                f"{leaf.code} luôn được cùng một mức điểm, báo cáo thế nào cũng vậy",
                "cho các phương án điểm khác nhau",
            )


def _bands(scheme: Scheme) -> Iterator[Found]:
    """Every band is reachable, and points only rise or only fall unless the rule says otherwise."""
    at = places(scheme)
    for leaf in scheme.leaves:
        rule = leaf.rule
        if isinstance(rule, Ratio) and rule.floor and measures(leaf, Span(None, rule.floor, (True, False))) is False:
            yield _unreachable(at[leaf.code] + "/rule/floor", f"a share below {declared(rule.floor, 'en')}")
        if not isinstance(rule, Bands):
            continue
        for j, band in enumerate(rule.bands):
            if measures(leaf, span_of(band)) is False:
                yield _unreachable(at[leaf.code] + pointer("rule", "bands", j), "a measure in this band")
        course = [points for band in rule.bands for points in _ends(band)]
        falls = any(a > b for a, b in itertools.pairwise(course))
        if falls and any(a < b for a, b in itertools.pairwise(course)) and rule.monotone is None:
            yield (
                at[leaf.code] + "/rule/bands",
                "not-monotone",
                f"the points of {leaf.code} rise and fall: {', '.join(say(x, 'en') for x in course)}",
                'correct the points; if it is meant, say "monotone": false',
                f"điểm của {leaf.code} lúc tăng lúc giảm: {', '.join(say(x, 'vi') for x in course)}",
                'sửa lại mức điểm; nếu chủ ý thì ghi "monotone": false',
            )


def _ends(band: Band) -> tuple[Fraction, ...]:
    return (band.points,) if band.points_to is None else (band.points, band.points_to)


def _unreachable(place: str, what: str) -> Found:
    hint = "correct the bound, or the range of the fact"
    vi = "không số liệu nào rơi vào khoảng này"
    return place, "unreachable-band", f"no facts make {what}", hint, vi, "sửa cận, hoặc phạm vi của số liệu"


def _rules(scheme: Scheme) -> Iterator[Found]:
    """No tick, option group or floor is there for nothing."""
    at = places(scheme)
    for leaf in scheme.leaves:
        rule, place = leaf.rule, at[leaf.code] + "/rule"
        if isinstance(rule, Checklist):
            for name, points in rule.points.items():
                if points == 0:
                    yield (
                        place + pointer("points", name),
                        "idle-tick",
                        f'the tick "{name}" is worth nothing',
                        "give it points, or leave it out",
                        f'mục "{name}" không được điểm nào',
                        "cho điểm, hoặc bỏ đi",
                    )
        if isinstance(rule, Deduction) and rule.floor:
            most = bounds(leaf.facts[0])[1]
            if most is not None and leaf.maximum - rule.step * most > rule.floor:
                yield _unreachable(place + "/floor", "so many deductions that the floor is met")
    for key, survey in scheme.document.surveys.items():
        if all(fact.survey != key for fact in scheme.document.facts.values()):
            yield _idle_at(pointer("surveys", key), f'survey "{key}"', f'cuộc khảo sát "{key}"')
        for j, group in enumerate(survey.groups if survey.combine == "weighted" else ()):
            if group.weight == 0:
                what, vi = f'group "{group.id}" has weight 0', f'nhóm "{group.id}" có trọng số 0'
                yield (
                    pointer("surveys", key, "groups", j, "weight"),
                    "idle-group",
                    what,
                    "give it a weight, or do not ask it",
                    vi,
                    "cho trọng số, hoặc không hỏi nhóm này",
                )


def _idle_at(place: str, what: str, vi: str) -> Found:
    return place, "idle", f"nothing uses {what}", "remove it, or use it", f"không nơi nào dùng {vi}", "bỏ đi, hoặc dùng"


def _words(scheme: Scheme) -> Iterator[Found]:
    """The rule in words names the numbers of the rule, in both languages."""
    langs: tuple[Lang, Lang] = ("vi", "en")
    for place, item in ((pointer("items", i), item) for i, item in enumerate(scheme.document.items)):
        if item.rule is None or item.rule_text is None:
            continue
        wanted = _numbers(item) - {Fraction(0), Fraction(1), Fraction(100), item.max}
        for lang in langs:
            words, said = item.rule_text.get(lang), set()
            for found in _FRACTION.findall(words):
                said |= {Fraction(found), Fraction(found) * 100}
            said |= {Fraction(number[0].replace(",", ".")) for number in _NUMBER.finditer(_FRACTION.sub(" ", words))}
            if _BEYOND.search(words):
                said |= {100 + number for number in said}  # "beyond the target by 5 %" is 105 % of it
            if wanted - said:
                lack = sorted(wanted - said)
                yield (
                    place + pointer("rule_text", lang),
                    "rule-text",
                    f"the words do not say {', '.join(declared(x, 'en') for x in lack)}, which the rule uses",
                    "one of the two is wrong",
                    f"câu chữ không nêu {', '.join(declared(x, 'vi') for x in lack)} mà quy tắc dùng",
                    "một trong hai bên bị sai",
                )


def _numbers(item: Item) -> set[Fraction]:
    rule = item.rule
    if isinstance(rule, (Choice, Checklist)):
        return set(rule.points.values())
    if isinstance(rule, Tally):
        return {rule.each}
    if isinstance(rule, Deduction):
        return {rule.step, rule.floor}
    if isinstance(rule, Ratio):
        return {_per_cent(rule.floor), _per_cent(rule.full_at)}
    if isinstance(rule, Bands):
        cuts = {abs(x) for band in rule.bands for x in (band.lower, band.upper) if x is not None}
        bounds_ = cuts if rule.measure.kind == "fact" else set(map(_per_cent, cuts))
        return bounds_ | {points for band in rule.bands for points in _ends(band)}
    return set()


def _per_cent(x: Fraction) -> Fraction:
    """A share as words say it: in per cent, but a fraction as it is."""
    return x * 100 if is_decimal(x * 100) else x


def _most(scheme: Scheme) -> dict[str, Fraction]:
    """The most points that each item can have, bonuses and caps included."""
    out = {leaf.code: leaf.maximum for leaf in scheme.leaves}
    for inner in scheme.inner:
        children = [scheme.items[code] for code in inner.children]
        normal = [child for child in children if child.role is None]
        if inner.aggregate == "sum":
            most = sum((out[child.code] for child in normal), Fraction(0))
        else:
            most = inner.item.max * max(out[child.code] / child.max for child in normal)
        most += sum((out[child.code] for child in children if child.role == "bonus"), Fraction(0))
        cap = inner.item.max if inner.item.cap == "attainable" else inner.item.cap
        out[inner.code] = most if cap is None else min(most, Fraction(cap))
    return out


def _roof(scheme: Scheme) -> Iterator[Found]:
    """No item exceeds its maximum without saying so by a cap, and no cap cuts below it or never cuts."""
    at, most = places(scheme), _most(scheme)
    for inner in scheme.inner:
        place, node = at[inner.code], inner.item
        if node.cap is None and most[inner.code] > node.max:
            over = most[inner.code]
            yield (
                place + "/max",
                "exceeded",
                f"{inner.code} can reach {say(over, 'en')}, above its maximum {say(node.max, 'en')}",
                "cap the item below it that exceeds its maximum, or this one",
                f"{inner.code} có thể đạt {say(over, 'vi')}, quá điểm tối đa {say(node.max, 'vi')}",
                "đặt trần cho mục con vượt điểm, hoặc cho mục này",
            )
        if isinstance(node.cap, Fraction) and node.cap < node.max:
            yield (
                place + "/cap",
                "unreachable-maximum",
                f"the cap of {inner.code} is below its maximum",
                "raise the cap, or lower the maximum",
                f"trần của {inner.code} thấp hơn điểm tối đa",
                "nâng trần, hoặc hạ điểm tối đa",
            )
        free = _uncapped(scheme, inner.code, most)
        if isinstance(node.cap, Fraction) and free < node.cap:
            yield (
                place + "/cap",
                "idle-cap",
                f"{inner.code} can reach {say(free, 'en')} at most, its cap never applies",
                "lower the cap, or leave it out",
                f"{inner.code} cao nhất là {say(free, 'vi')}, trần không bao giờ có tác dụng",
                "hạ trần, hoặc bỏ trần",
            )


def _uncapped(scheme: Scheme, code: str, most: Mapping[str, Fraction]) -> Fraction:
    children = scheme.children[code]
    inner = scheme.inner_by_code[code]
    bonus = sum((most[child.code] for child in children if child.role == "bonus"), Fraction(0))
    if inner.aggregate != "sum":
        return inner.item.max + bonus
    return bonus + sum((most[child.code] for child in children if child.role is None), Fraction(0))


def _groups(scheme: Scheme) -> Iterator[Found]:
    """Every group of the league can be reached."""
    top = 100 * _most(scheme)[TOTAL] / scheme.document.total.max
    for i, group in enumerate(scheme.document.groups):
        if group.from_ > top:
            yield (
                pointer("groups", i, "from"),
                "unreachable-group",
                f'no index reaches group "{group.id}", which begins at {say(group.from_, "en")}',
                f"the highest index is {say(top, 'en')}",
                f'không chỉ số nào đạt nhóm "{group.id}", bắt đầu từ {say(group.from_, "vi")}',
                f"chỉ số cao nhất là {say(top, 'vi')}",
            )


def _idle(scheme: Scheme) -> Iterator[Found]:
    """No source, level or check stands there unused."""
    doc = scheme.document
    nodes: list[Total] = [doc.total, *doc.items]
    cited = {name for node in nodes for name in node.sources}
    cited |= {name for stream in doc.streams for name in stream.sources}
    surveys = doc.surveys.values()
    cited |= {name for survey in surveys for name in survey.sources}
    cited |= {name for survey in surveys for group in survey.groups for name in group.planned_sources}
    cited |= {name for broken in doc.breaks for name in broken.sources}
    cited |= {name for task in (doc.plan.tasks if doc.plan else ()) for name in task.sources}
    for name in doc.sources:
        if name not in cited:
            yield _idle_at(pointer("sources", name), f'source "{name}"', f'căn cứ "{name}"')
    depth = {TOTAL: 0}
    for item in doc.items:
        depth[item.code] = depth[item.parent or TOTAL] + 1
    for i, level in enumerate(doc.levels):
        if i >= max(depth.values()):
            yield _idle_at(pointer("levels", i), f'level "{level.id}"', f'cấp "{level.id}"')
    gates = {gate.item for node in nodes for gate in node.gates}
    for i, item in enumerate(doc.items):
        if item.role == "check" and item.code not in gates:
            yield _idle_at(pointer("items", i), f"check {item.code}", f"điều kiện {item.code}")


def _cited(scheme: Scheme) -> Iterator[Found]:
    """Every number says where it is from; an official or derived one names a document."""
    doc = scheme.document
    nodes = [("/total", doc.total.basis, doc.total.sources, doc.total.rulings)]
    nodes += [(pointer("items", i), x.basis, x.sources, x.rulings) for i, x in enumerate(doc.items)]
    nodes += [(pointer("streams", i), x.basis, x.sources, x.rulings) for i, x in enumerate(doc.streams)]
    nodes += [(pointer("surveys", key), x.basis, x.sources, x.rulings) for key, x in doc.surveys.items()]
    nodes += [
        (pointer("surveys", key, "groups", i), group.planned_basis, group.planned_sources, survey.rulings)
        for key, survey in doc.surveys.items()
        for i, group in enumerate(survey.groups)
        if group.planned_basis is not None
    ]
    tasks = doc.plan.tasks if doc.plan else []
    nodes += [(pointer("plan", "tasks", i), x.basis, x.sources, []) for i, x in enumerate(tasks)]
    for place, basis, sources, rulings in nodes:
        if not sources and (basis != "reconstructed" or not rulings):
            hint = "name the document" if basis != "reconstructed" else "cite the ruling that says how it was found"
            yield (
                place + "/sources",
                "unsourced",
                f"a number of basis {basis} names no source",
                hint,
                f"số có căn cứ {basis} không dẫn nguồn nào",
                "ghi văn bản làm căn cứ",
            )


def _dates(scheme: Scheme) -> Iterator[Found]:
    """No task of the plan is due before the plan was decided."""
    plan = scheme.document.plan
    for i, task in enumerate(plan.tasks if plan else ()):
        if plan is not None and plan.date is not None and task.due < plan.date:
            yield (
                pointer("plan", "tasks", i, "due"),
                "plan-date",
                f"due on {task.due}, before the plan of {plan.date}",
                "correct one of the two dates",
                f"hạn {task.due} trước ngày ban hành kế hoạch {plan.date}",
                "sửa một trong hai ngày",
            )


def _lineage(scheme: Scheme, known: Collection[str] | None) -> Iterator[Found]:
    """What it names as older is there, and is not itself."""
    doc = scheme.document
    named = [("/supersedes", doc.supersedes)] if doc.supersedes else []
    named += [(pointer("breaks", i, "since"), broken.since) for i, broken in enumerate(doc.breaks)]
    for place, older in named:
        if older == doc.id or (known is not None and older not in known):
            what = "it names itself as the older one" if older == doc.id else f'it names "{older}", which is not known'
            hint = did_you_mean(older or "", known or ()) or "install it, or leave it out"
            vi = f'bộ tiêu chí cũ "{older}" không có ở đây, hoặc là chính nó'
            yield place, "dead-lineage", what, hint, vi, "cài bộ tiêu chí đó, hoặc bỏ đi"
