"""Why ballots and answers do not count, in words and with the rows where they stand."""

from __future__ import annotations

from par_engine.i18n.catalogue import Lang, text
from par_engine.survey.counting import Count

_SHOWN = 5


def reason_said(count: Count, reason: str, number: int, lang: Lang) -> str:
    """A reason, how often it holds, and its first rows."""
    places = count.places.get(reason, [])
    rows = ", ".join(f"{row} ({at})" if at else str(row) for row, at in places[:_SHOWN]) + " …" * (number > _SHOWN)
    why = text("survey.reasons", reason, lang)
    return text("survey.counted", "reason", lang, why=why, number=number, rows=rows)


def answers_said(count: Count, lang: Lang) -> str:
    """What became of the answers of valid ballots: three numbers that make up the first."""
    lost = sum(count.answers.values())
    numbers = {"asked": count.asked, "counted": count.counted, "blank": count.blank, "lost": lost}
    return text("survey.counted", "answers", lang, **numbers)
