"""What survey tools say of a ballot beside its answers: handed in or not, thrown out, a test. Closed sets of words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from par_engine.survey.slugs import nothing, slug

_NONE = "-"  # what stands in the sets for a cell that says nothing; no slug is so
_EMPTY = frozenset({_NONE})
UNFINISHED, REJECTED, TEST = "unfinished", "rejected", "test"
_YES = frozenset({"true", "1", "yes", "y", "co", "finished", "x"})
_NO = frozenset({"false", "0", "no", "n", "khong", "not_finished"})
_MOMENT = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?!\d).*|\d{5}(?:\.\d+)?", re.DOTALL)
_KOBO = re.compile(r"validation_status_(?:not_approved|approved|on_hold)")


@dataclass(frozen=True)
class State:
    """A column of states: its heads, the words with which a ballot counts, and those with which it does not and why."""

    name: str
    heads: frozenset[str]
    counts: frozenset[str]
    lost: Mapping[str, str]
    moment: bool = False
    """Whether a day is a word with which a ballot counts."""
    ends: str = ""
    """How a head may end instead."""
    only_with: frozenset[str] = frozenset()
    """Heads of which one must be there too: the name alone says too little."""

    def says(self, cell: str) -> str | None:
        """Why a ballot does not count, "" where it does; None for a word that is not known."""
        text = cell.strip()
        if text.startswith("{") and (found := _KOBO.search(text)) is not None:
            text = found[0]
        word = _NONE if nothing(text) else slug(text)
        if word in self.lost:
            return self.lost[word]
        if word in self.counts or (self.moment and _MOMENT.fullmatch(text)):
            return ""
        return None

    @property
    def known(self) -> str:
        """The words, for a hint."""
        words = sorted({*self.counts, *self.lost} - {_NONE})
        return ", ".join([*words, *(["2000-12-31"] if self.moment else [])])


def _lost(reason: str, words: frozenset[str]) -> dict[str, str]:
    return dict.fromkeys(words, reason)


_QUALTRICS = frozenset({"finished", "responseid", "response_id", "recordeddate", "recorded_date"})
_REDCAP = frozenset({"record_id", "redcap_event_name", "redcap_survey_identifier", "redcap_repeat_instance"})
STATES = (
    State(
        "submitted",
        frozenset({"submitdate", "date_submitted", "completion_time", "thoi_gian_hoan_thanh", "ngay_nop", "ngay_gui"}),
        _YES,
        _lost(UNFINISHED, _EMPTY | _NO | {"not_completed"}),
        moment=True,
    ),
    State(
        "review",
        frozenset(
            {"reviewstate", "system_reviewstate", "review_state", "review_status", "validation_status",
             "validation_status_uid", "validation_status_label", "trang_thai_duyet", "ket_qua_duyet"}
        ),
        _EMPTY
        | {"approved", "validation_status_approved", "on_hold", "validation_status_on_hold", "pending", "received",
           "hasissues", "has_issues", "edited", "da_duyet", "duyet", "cho_duyet"},
        _lost(
            REJECTED,
            frozenset({"rejected", "not_approved", "validation_status_not_approved", "khong_duyet", "tu_choi", "loai"}),
        ),
    ),
    State(
        "quality",
        frozenset({"review_quality"}),
        _EMPTY | {"good", "okay", "ok", "poor"},
        _lost(REJECTED, frozenset({"fake"})),
    ),
    State("finished", frozenset({"finished"}), _YES, _lost(UNFINISHED, _EMPTY | _NO)),
    State(
        "status",
        frozenset({"status", "response_type"}),
        frozenset({"ip_address", "0", "imported", "4", "offline", "16", "offline_qualtrics_survey"}),
        _lost(
            TEST,
            frozenset({"survey_preview", "1", "survey_test", "2", "imported_preview", "5", "imported_test", "6",
                       "spam", "8", "survey_preview_spam", "9", "imported_spam", "12", "offline_survey_preview",
                       "17"}),
        ),
        only_with=_QUALTRICS,
    ),
    State(
        "complete",
        frozenset(),
        frozenset({"2", "complete", "1", "unverified"}) | _EMPTY,
        _lost(UNFINISHED, frozenset({"0", "incomplete"})),
        ends="_complete",
        only_with=_REDCAP,
    ),
    State(
        "timestamp",
        frozenset(),
        _EMPTY,
        _lost(UNFINISHED, frozenset({"not_completed"})),
        moment=True,
        ends="_timestamp",
        only_with=_REDCAP,
    ),
)  # fmt: skip
"""LimeSurvey, Microsoft Forms; ODK Central, Kobo, SurveyCTO; Qualtrics; REDCap."""


def states_of(named: Sequence[Sequence[str]], free: Sequence[int]) -> tuple[tuple[int, State], ...]:
    """The columns of states among those that are `free`, by what each may be called."""
    every = {word for words in named for word in words}
    found = []
    for i in free:
        for state in STATES:
            here = any(word in state.heads or (state.ends and word.endswith(state.ends)) for word in named[i])
            if here and (not state.only_with or every & (state.only_with - set(named[i]))):
                found.append((i, state))
                break
    return tuple(found)
