"""Pictures of survey results as SVG: what was answered, how many answered, and how sure the means are."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from html import escape
from textwrap import wrap

from par_engine.survey.estimates import Estimate

COLOURS = ("#1b6ca8", "#6aaed6", "#f2b35e", "#c8553d", "#7a5195", "#5c946e", "#8d99ae", "#b56576")
_LEFT, _BAR, _ROW = 330, 460, 26
_LETTERS, _SMALL = 46, 54
"""Letters that a label holds in one line, and in each of two smaller ones."""
_LIGHT = 130
"""Above this luma, of 255, dark letters stand out more than white ones."""
_Z = Fraction(196, 100)  # the usual 95 % interval of a mean


def px(x: Fraction) -> str:
    """A coordinate with one decimal."""
    tenths = int(x * 10)
    return f"{tenths // 10}.{tenths % 10}" if tenths % 10 else str(tenths // 10)


def _ink(colour: str) -> str:
    """The class of letters that can be read on a colour."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return "in dark" if 299 * red + 587 * green + 114 * blue > 1000 * _LIGHT else "in"


def _svg(height: int, label: str, body: Sequence[str]) -> str:
    head = (
        f'<svg viewBox="0 0 880 {height}" role="img" aria-label="{escape(label)}" xmlns="http://www.w3.org/2000/svg">'
    )
    return head + "".join(body) + "</svg>"


def _label(y: int, text: str, note: str = "") -> str:
    """The title of a row, in two lines of smaller letters where one is too short; one that is cut shows as a tip."""
    at = f'<text x="{_LEFT - 10}" text-anchor="end"'
    if len(text) <= _LETTERS:
        out = f'{at} y="{y + 15}">{escape(text)}</text>'
    else:
        lines = wrap(text, _SMALL, max_lines=2, placeholder=" …")
        rows = "".join(
            f'<tspan x="{_LEFT - 10}" y="{y + (15 if len(lines) == 1 else 8 + 12 * i)}">{escape(line)}</tspan>'
            for i, line in enumerate(lines)
        )
        out = f'{at} class="small">{rows}<title>{escape(text)}</title></text>'
    return out + (f'<text x="{_LEFT + _BAR + 10}" y="{y + 15}">{escape(note)}</text>' if note else "")


def distribution(titles: Sequence[str], counts: Sequence[Sequence[int]], answers: Sequence[str], label: str) -> str:
    """One bar a group, split by answer; a group without ballots stays empty."""
    body = []
    for i, (title, row) in enumerate(zip(titles, counts, strict=True)):
        y, n, x = 4 + i * _ROW, sum(row), Fraction(_LEFT)
        body.append(_label(y, title, f"n = {n}"))
        body.append(f'<rect x="{_LEFT}" y="{y}" width="{_BAR}" height="20" class="empty"/>')
        for j, count in enumerate(row):
            if count:
                width = Fraction(_BAR * count, n)
                tip = escape(f"{answers[j]}: {count}")
                colour = COLOURS[j % len(COLOURS)]
                at = f'x="{px(x)}" y="{y}" width="{px(width)}" height="20" fill="{colour}"'
                body.append(f"<rect {at}><title>{tip}</title></rect>")
                if width > 34:
                    share = (200 * count + n) // (2 * n)
                    body.append(f'<text x="{px(x + width / 2)}" y="{y + 15}" class="{_ink(colour)}">{share}%</text>')
                x += width
    return _svg(8 + len(titles) * _ROW, label, body)


def means(titles: Sequence[str], estimates: Sequence[Estimate], notes: Sequence[str], label: str) -> str:
    """The mean of each row as a point on 0 to 100 %, with 1.96 standard errors to both sides."""
    height = 4 + len(titles) * _ROW
    body = []
    for tick in range(0, 101, 25):
        at = _LEFT + _BAR * tick // 100
        body.append(f'<line x1="{at}" y1="0" x2="{at}" y2="{height}" class="grid"/>')
        body.append(f'<text x="{at}" y="{height + 14}" text-anchor="middle" class="tick">{tick}%</text>')
    for i, (title, estimate, note) in enumerate(zip(titles, estimates, notes, strict=True)):
        y = 4 + i * _ROW
        body.append(_label(y, title, note))
        if estimate.mean is None:
            continue
        x = _LEFT + _BAR * estimate.mean
        if estimate.error is not None:
            half = _Z * Fraction(estimate.error)
            low, high = max(Fraction(0), estimate.mean - half), min(Fraction(1), estimate.mean + half)
            a, b = px(_LEFT + _BAR * low), px(_LEFT + _BAR * high)
            body.append(f'<line x1="{a}" y1="{y + 10}" x2="{b}" y2="{y + 10}" class="bar"/>')
            body += [f'<line x1="{e}" y1="{y + 5}" x2="{e}" y2="{y + 15}" class="bar"/>' for e in (a, b)]
        body.append(f'<circle cx="{px(x)}" cy="{y + 10}" r="5" class="dot"/>')
    return _svg(height + 20, label, body)


def responses(titles: Sequence[str], numbers: Sequence[tuple[int, int | None]], label: str) -> str:
    """Ballots by group, beside the planned number where there is one."""
    most = max([1, *(max(n, p or 0) for n, p in numbers)])
    body = []
    for i, (title, (n, planned)) in enumerate(zip(titles, numbers, strict=True)):
        y = 4 + i * _ROW
        body.append(_label(y, title, f"{n}" if planned is None else f"{n} / {planned}"))
        if planned is not None:
            width = px(Fraction(_BAR * planned, most))
            body.append(f'<rect x="{_LEFT}" y="{y}" width="{width}" height="20" class="empty"/>')
        width = px(Fraction(_BAR * n, most))
        body.append(f'<rect x="{_LEFT}" y="{y + 4}" width="{width}" height="12" fill="{COLOURS[0]}"/>')
    return _svg(8 + len(titles) * _ROW, label, body)
