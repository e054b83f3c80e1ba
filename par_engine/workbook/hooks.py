"""The workbook as a plugin of the engine's own: the reader of `.xlsx`, its library imported when a file is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from par_engine.hookspecs import hookimpl

if TYPE_CHECKING:
    from par_engine.evidence.from_table import Table


def read_xlsx(data: bytes, path: Path) -> Table:
    """The evidence in a workbook that `par template` made; needs the extra `workbook`."""
    from par_engine.workbook.reading import read

    return read(data, path.name)


@hookimpl
def par_readers() -> Mapping[str, Callable[[bytes, Path], Table]]:
    """The reader of workbooks."""
    return {".xlsx": read_xlsx}
