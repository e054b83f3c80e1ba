"""Names as survey tools write them, and how they write that there is nothing."""

from __future__ import annotations

import re

from par_engine.base.names import bare

_NOT_WORD = re.compile(r"[^a-z0-9]+")
NOTHING = frozenset({"na", "n_a", "nan", "nat", "null", "none", "nil", "undefined", "question_not_shown"})
"""How tools and tables write that there is nothing, as slugs: `{question_not_shown}`, `N/A`, `<NA>`, `None`."""


def slug(text: str) -> str:
    """Letters, digits and single underscores: the form in which survey tools write any name.

    >>> slug("Đơn vị (tỉnh)")
    'don_vi_tinh'
    """
    return _NOT_WORD.sub("_", bare(text)).strip("_")


def nothing(text: str) -> bool:
    """Whether a cell says that there is nothing; letters of other scripts, which a slug leaves out, say something.

    >>> [nothing(text) for text in ("", " — ", "<NA>", "?", "không", "未")]
    [True, True, True, False, False, False]
    """
    return slug(text) in NOTHING or not text.strip("-–—.{}[] \t\r\n")
