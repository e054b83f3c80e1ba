"""The lines beneath a criterion as sentences: without bullets, parted where each part says something of its own."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from par_engine.annex.clauses import clause, content, each, formula
from par_engine.annex.guards import aside
from par_engine.annex.phrases import phrased, plain_signs, signed
from par_engine.annex.words import HEAD_TAILS, ONE, SUM

_BULLET = re.compile(r"^\s*([-–—+*•▪◦]|[a-zđ][.)]|\d+[.)](?=\s))\s*(?=\S)", re.IGNORECASE)
_MINUS_FIRST = re.compile(
    r"^\s*[-–−—](?:\d+(?:[.,]\d+)?\s*(?:điểm|đ)\b|\s*\d+(?:[.,]\d+)?\s*(?:điểm|đ)\s+(?:nếu|khi)\b)", re.IGNORECASE
)
_PARTS = re.compile(r"\s*;\s*|(?<=[\d)mđa%])\.\s+(?=[^\W\d])")
_BRACKETS = re.compile(r"^(.*\S)\s*\(([^()]*)\)\s*[.;,]?\s*$", re.DOTALL)
_SIGNS = (re.compile(r",\s+(?=[^\W\d])"), re.compile(r"\s/\s(?=[^\W\d])"))
_WHERE = re.compile(r"[,.]?\s*trong đó\s*:?\s*(?=[a-z]\s*(là|:))", re.IGNORECASE)


def split(lines: Sequence[str]) -> list[tuple[int, str]]:
    """The sentences with the line that each stands on; a formula on a line of its own joins the one before it."""
    out: list[tuple[int, str]] = []
    for at, line in enumerate(lines):
        text = unicodedata.normalize("NFC", line).replace("\u00a0", " ").replace("…", "...").replace("“", '"')
        rows = (_WHERE.sub("; ", plain_signs(" ".join(row.split()))) for row in text.splitlines())
        for piece in (_unbulleted(row) for row in rows):
            for said in (
                one for sentence in _PARTS.split(piece) for part in _tailed(sentence) for one in _listed(part)
            ):
                part = phrased(_unbulleted(said).strip().rstrip(".;,").strip())
                if not part:
                    continue
                head, colon, rest = part.partition(":")
                leads = is_head(head.lower(), (*ONE, *SUM))
                if colon and rest.strip() and (leads or (clause(part) is None and each(head) is not None)):
                    out.append((at, head))
                    part = rest.strip()
                if out and formula(part) is not None and clause(part) is None and _awaits_formula(out[-1][1]):
                    out[-1] = (out[-1][0], f"{out[-1][1].rstrip(' :')}: {part}")
                else:
                    out.append((at, part))
    return out


def _unbulleted(text: str) -> str:
    """A line without its bullet; a dash that may be a minus before points stays."""
    turned = signed(text)
    return turned or (text if _MINUS_FIRST.match(text) else _BULLET.sub("", text))


def _tailed(text: str) -> list[str]:
    """A sentence, and a harmless one in brackets at its end as a sentence of its own."""
    found = _BRACKETS.match(text)
    return [found[1], found[2]] if found is not None and aside(found[2]) else [text]


def _listed(text: str) -> list[str]:
    """Clauses in one sentence, parted by commas or strokes: only when each part awards points of its own."""
    for sign in _SIGNS:
        parts = [part.strip() for part in sign.split(text)]
        if len(parts) > 1 and each(text) is None and all(p and clause(p) and each(p) is None for p in parts):
            return parts
    return [text]


def _awaits_formula(text: str) -> bool:
    lower = text.lower().rstrip(" :")
    return lower.endswith(("công thức", "công thức sau", "như sau", "theo tỷ lệ")) or text.rstrip().endswith(":")


def is_head(text: str, heads: tuple[str, ...]) -> bool:
    """Whether a sentence only leads to the ones after it."""
    said = " ".join(content(text))
    return any(said.startswith(head) and set(content(said[len(head) :])) <= HEAD_TAILS for head in heads)
