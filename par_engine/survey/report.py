"""The report of a survey: one HTML page that needs nothing else, and the same tables as a workbook."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from html import escape

from par_engine.base.terms import basis_words
from par_engine.files.xlsx_writing import Cell, Chart, Sheet, xlsx
from par_engine.i18n.catalogue import Lang, entries
from par_engine.survey.charts import COLOURS, distribution, means, responses
from par_engine.survey.estimates import Estimate
from par_engine.survey.tally import Response, Row, Tally

_STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1c2733}
table{border-collapse:collapse;width:100%;margin:.6rem 0 1.2rem;font-size:.9rem}
th,td{border:1px solid #c9d3de;padding:.25rem .5rem;text-align:left}th{background:#e8eef5}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
svg{width:100%;height:auto;font:13px system-ui,sans-serif}svg text{fill:#1c2733}
svg .in{fill:#fff;text-anchor:middle}svg .dark{fill:#1c2733}svg .small{font-size:11px}
.empty{fill:#edf1f5;stroke:#c9d3de}.grid{stroke:#dde4ec}.tick{font-size:11px}.bar{stroke:#1b6ca8;stroke-width:2}
.dot{fill:#1b6ca8}.key{display:inline-block;margin-right:1rem}.key i{display:inline-block;width:.9em;height:.9em;
margin-right:.3em}.note{color:#52606d;font-size:.9rem}section,tr,svg{break-inside:avoid}h2,h3{break-after:avoid}
"""
_STYLE += "".join(f".c{i}{{background:{colour}}}" for i, colour in enumerate(COLOURS)) + "\n"
_POLICY = (
    f"default-src 'none'; style-src 'sha256-{b64encode(sha256(_STYLE.encode()).digest()).decode()}'; "
    "base-uri 'none'; form-action 'none'"
)


def _exact(x: Fraction | Decimal | None) -> Decimal | None:
    """A share in percent to two decimals."""
    if x is None:
        return None
    scaled = Fraction(x) * 100
    hundredths = (scaled.numerator * 200 + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(hundredths).scaleb(-2)


def _shown(x: Fraction | Decimal | None, lang: Lang) -> str:
    exact = _exact(x)
    if exact is None:
        return "—"
    return str(exact).replace(".", ",") if lang == "vi" else str(exact)


def _number(x: Fraction | None) -> float | None:
    """A share in percent, as a chart draws it."""
    return None if x is None else int(x * 10_000 + Fraction(1, 2)) / 100


class Report:
    """Both forms of one report, in one language."""

    def __init__(self, tally: Tally, lang: Lang) -> None:
        self.tally, self.lang = tally, lang
        self.questions = tally.counts.questions
        self._word, self.reasons = entries("survey.report", lang).__getitem__, entries("survey.reasons", lang)

    def _source(self) -> str:
        methodology = self.questions.methodology
        return f"{methodology.document.title.get(self.lang)} ({methodology.id}, {methodology.fingerprint[:12]})"

    def _sheet(self, name: str, heads: list[str], rows: list[list[Cell]], widths: list[int]) -> Sheet:
        """A sheet that says what it is from, for sheets are copied out of their workbook."""
        titles = [self._word("title"), self._source(), self.questions.basis_line(self.lang)]
        return Sheet(name, heads, rows, widths, titles)

    def _counts(self, key: str, pairs: list[tuple[str, int]]) -> Sheet:
        rows: list[list[Cell]] = [[reason, n] for reason, n in pairs]
        sheet = self._sheet(self._word(key), [self._word("reason"), self._word(key)], rows, [60, 14])
        return replace(sheet, bold=frozenset({len(rows) - 1}))

    def _responses(self, unit: int | None = None) -> list[tuple[str, str, Response]]:
        surveys = self.questions.surveys
        return [
            (
                surveys[r.survey].title.get(self.lang),
                next(g.title.get(self.lang) for g in surveys[r.survey].groups if g.id == r.group),
                r,
            )
            for r in self.tally.responses(unit)
        ]

    def _answered(self, unit: int | None = None) -> list[str]:
        """Ballots by group as a picture and a table."""
        word, lang = self._word, self.lang
        answered = self._responses(unit)
        pairs = [(r.ballots, r.planned) for _, _, r in answered]
        rows = [[s, g, str(r.ballots), r.said(lang), _shown(r.rate, lang)] for s, g, r in answered]
        heads = [word(k) for k in ("survey", "group", "ballots", "planned", "rate")]
        return [responses([g for _, g, _ in answered], pairs, word("response")), self._table(heads, rows, 3)]

    def _kept(self) -> list[tuple[str, int]]:
        """What became of the ballots: those that count and those that do not, by why, make up those that were read."""
        count, word = self.tally.counts.count, self._word
        lost = [(self.reasons[reason], n) for reason, n in count.invalid.items() if n]
        return [(word("valid"), count.valid), *lost, (word("read"), count.read)]

    def _answers(self) -> list[tuple[str, int]]:
        """What became of the answers of valid ballots, which make up questions times valid ballots."""
        count, word = self.tally.counts.count, self._word
        lost = [(self.reasons[reason], n) for reason, n in count.answers.items() if n]
        return [(word("counted"), count.counted), (word("blank"), count.blank), *lost, (word("asked"), count.asked)]

    def _table(self, heads: list[str], rows: list[list[str]], numbers: int) -> str:
        first = len(heads) - numbers

        def cells(tag: str, row: list[str]) -> str:
            marks = [f"<{tag}{' class=n' if i >= first else ''}>{escape(c)}</{tag}>" for i, c in enumerate(row)]
            return f"<tr>{''.join(marks)}</tr>"

        return f"<table>{cells('th', heads)}{''.join(cells('td', row) for row in rows)}</table>"

    def html(self) -> bytes:
        """The page: no script, no link, nothing that is loaded."""
        word, lang, tally = self._word, self.lang, self.tally
        parts = [
            f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">',
            '<meta name="viewport" content="width=device-width,initial-scale=1">',
            f"<title>{escape(word('title'))}</title><style>{_STYLE}</style></head><body>",
            f"<h1>{escape(word('title'))}</h1><p>{escape(self._source())}</p>",
            f"<p>{escape(self.questions.basis_line(lang))}</p>",
        ]
        if tally.counts.layout.token is None:
            parts.append(f'<p class="note">{escape(word("no-tokens"))}</p>')
        for head, pairs in (("number", self._kept()), ("answers", self._answers())):
            rows = [[reason, str(n)] for reason, n in pairs]
            parts.append(self._table([word("reason"), word(head)], rows, 1))
        parts.append(f"<h2>{escape(word('response'))}</h2>")
        parts += self._answered()
        several = len(tally.counts.units) > 1
        for i, unit in enumerate(tally.counts.units):
            parts.append(f"<h2>{escape(tally.assessment.unit(unit).name)}</h2>")
            if several:
                parts += [f"<h3>{escape(word('response'))}</h3>", *self._answered(i)]
            parts += self._unit(tally.rows(i))
        parts.append(f'<p class="note">{escape(word("how"))}</p></body></html>\n')
        return "".join(parts).encode()

    def _unit(self, rows: list[Row]) -> list[str]:
        word, lang = self._word, self.lang
        titles = [self._titled(row) for row in rows]
        notes = [f"{_shown(row.whole.mean, lang)} %" for row in rows]
        out = [f"<h3>{escape(word('overview'))}</h3>", means(titles, [r.whole for r in rows], notes, word("overview"))]
        for row, title in zip(rows, titles, strict=True):
            out.append(f"<section><h3>{escape(title)}</h3>{self._question(row, title)}</section>")
        return out

    def _question(self, row: Row, title: str) -> str:
        word, lang = self._word, self.lang
        survey = row.question.survey
        groups = [group.title.get(lang) for group in survey.groups]
        answers = [option.title.get(lang) for option in survey.options]
        key = "".join(
            f'<span class="key"><i class="c{j % len(COLOURS)}"></i>{escape(a)}</span>' for j, a in enumerate(answers)
        )
        every: list[Estimate] = [*row.groups, row.whole]
        names = [*groups, word("all")]
        notes = [f"{_shown(e.mean, lang)} %" for e in every]
        body = [
            [name, *map(str, counts), str(e.ballots), _shown(e.mean, lang), _shown(e.error, lang)]
            for name, counts, e in zip(names, [*row.counts, self._sum(row)], every, strict=True)
        ]
        heads = [word("group"), *answers, word("ballots"), word("mean"), word("error")]
        points = [
            f"{code}: {self._points(row, value)} / {str(top).replace('.', ',') if lang == 'vi' else top}"
            for code, _, value, top in row.leaves
        ]
        return (
            f"<p>{key}</p>{distribution(groups, row.counts, answers, title)}{means(names, every, notes, title)}"
            f"{self._table(heads, body, len(heads) - 1)}<p>{escape(word('points'))}: {escape('; '.join(points))}</p>"
        )

    def _points(self, row: Row, value: Decimal | None) -> str:
        if value is not None and not row.awaited:
            return str(value).replace(".", ",") if self.lang == "vi" else str(value)
        titles = {g.id: g.title.get(self.lang) for g in row.question.survey.groups}
        return f"{self._word('waits')} ({', '.join(titles[g] for g in row.awaited)})"

    def _charts(self, unit: int) -> Sheet:
        """The pictures of one unit as charts, beside the numbers that they are drawn from."""
        word, lang, tally = self._word, self.lang, self.tally
        name = tally.assessment.unit(tally.counts.units[unit]).name
        several = len(tally.counts.units) > 1
        rows = tally.rows(unit)
        most = max(len(row.question.survey.options) for row in rows)
        mean, error, ballots = most + 1, most + 2, most + 3
        body: list[list[Cell]] = []
        charts = []
        for id, survey in self.questions.surveys.items():
            here = [row for row in rows if row.question.survey_id == id]
            start = len(body)
            body.append([survey.title.get(lang), *(o.title.get(lang) for o in survey.options)])
            for row in here:
                half = None if row.whole.error is None else Fraction(row.whole.error) * Fraction(196, 100)
                counts: list[Cell] = [*self._sum(row), *[None] * (most - len(survey.options))]
                body.append([self._titled(row), *counts, _number(row.whole.mean), _number(half), row.whole.ballots])
            at, heading = start + 1, f"{survey.title.get(lang)}, {name}"
            columns = range(1, len(survey.options) + 1)
            charts.append(Chart(f"{word('spread')}: {heading}", 0, columns, COLOURS, at, len(here), named=start))
            charts.append(
                Chart(
                    f"{word('mean')} {word('half')}: {heading}",
                    0,
                    [mean],
                    COLOURS,
                    at,
                    len(here),
                    errors=error,
                    most=100,
                )
            )
        start = len(body)
        body.append([word("response")])
        answered = self._responses(unit)
        body += [[group, *[None] * (ballots - 1), r.ballots] for _, group, r in answered]
        charts.append(Chart(f"{word('response')}: {name}", 0, [ballots], COLOURS, start + 1, len(answered)))
        heads = [word("question"), *[""] * most, word("mean"), word("half"), word("ballots")]
        title = f"{word('pictures')} {unit + 1}" if several else word("pictures")
        return replace(self._sheet(title, heads, body, [90, *[20] * most, 10, 12, 10]), charts=charts)

    def _titled(self, row: Row) -> str:
        return f"{', '.join(row.question.leaves)} {self.questions.title(row.question).get(self.lang)}"

    @staticmethod
    def _sum(row: Row) -> list[int]:
        return [sum(column) for column in zip(*row.counts, strict=True)]

    def xlsx(self) -> bytes:
        """The tables as sheets."""
        word, lang, tally = self._word, self.lang, self.tally
        results: list[list[Cell]] = []
        points: list[list[Cell]] = []
        for i, unit in enumerate(tally.counts.units):
            name = tally.assessment.unit(unit).name
            for row in tally.rows(i):
                title = self.questions.title(row.question).get(lang)
                names = [*(g.title.get(lang) for g in row.question.survey.groups), word("all")]
                for group, counts, e in zip(
                    names, [*row.counts, self._sum(row)], [*row.groups, row.whole], strict=True
                ):
                    options = row.question.survey.options
                    split = "; ".join(f"{o.title.get(lang)}: {n}" for o, n in zip(options, counts, strict=True))
                    shown: list[Cell] = [e.ballots, split, _exact(e.mean), _exact(e.error)]
                    results.append([name, ", ".join(row.question.leaves), title, group, *shown])
                for code, _, value, top in row.leaves:
                    known = value is not None and not row.awaited
                    points.append([name, code, title, value if known else self._points(row, value), top])
        answered: list[list[Cell]] = [
            [
                tally.assessment.unit(unit).name,
                s,
                g,
                r.ballots,
                r.planned,
                "; ".join(basis_words(basis, lang) for basis in r.bases) or None,
                _exact(r.rate),
            ]
            for i, unit in enumerate(tally.counts.units)
            for s, g, r in self._responses(i)
        ]

        def heads(*keys: str) -> list[str]:
            return [word(key) for key in keys]

        first = heads("unit", "item", "question")
        return xlsx(
            [
                self._sheet(word("points"), [*first, *heads("points", "max")], points, [24, 10, 70, 24, 10]),
                *(self._charts(i) for i in range(len(tally.counts.units))),
                self._sheet(
                    word("question"),
                    [*first, *heads("group", "ballots", "split", "mean", "error")],
                    results,
                    [24, 16, 60, 36, 10, 50, 10, 12],
                ),
                self._sheet(
                    word("group"),
                    heads("unit", "survey", "group", "ballots", "planned", "basis", "rate"),
                    answered,
                    [24, 30, 44, 10, 12, 30, 10],
                ),
                self._counts("number", self._kept()),
                self._counts("answers", self._answers()),
            ],
            "survey",
        )
