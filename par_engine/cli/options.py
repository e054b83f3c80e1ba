"""Options that many commands share."""

from __future__ import annotations

import enum
from typing import Annotated

import typer

from par_engine.base.problems import fail, quote


class Language(enum.StrEnum):
    """The languages of everything that people read."""

    vi = "vi"
    en = "en"


Lang = Annotated[Language, typer.Option("--lang", envvar="PAR_LANG", help="vi hoặc en / vi or en")]
Json = Annotated[bool, typer.Option("--json", help="cho máy đọc / for programs")]
Id = Annotated[str, typer.Option("--methodology", "-m", metavar="ID", help="mã bộ tiêu chí / methodology id")]
Input = Annotated[
    str | None,
    typer.Option(
        "--input-format",
        metavar="FORMAT",
        help="dạng của luồng vào: json, csv, parquet, xlsx / json, csv, parquet, xlsx",
    ),
]
Stage = Annotated[
    str | None, typer.Option("--stage", help="giai đoạn của bảng CSV, Parquet / the stage of a CSV or Parquet table")
]


def whole(text: str, option: str) -> str:
    """A text of the command line whose letters are whole: bytes that are no UTF-8 come as halves of characters."""
    try:
        text.encode()
    except UnicodeEncodeError:
        fail("text", option, text=quote(text))
    return text
