"""Office packages without the time at which they were made, and text that such packages can hold."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime

EPOCH = datetime(2000, 1, 1)  # documents carry a date; a clock would make each run another file
_STAMP = EPOCH.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
_ZIP = (2000, 1, 1, 0, 0, 0)
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_DATES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


def safe(text: str) -> str:
    """Text without the characters that no office document can hold; a tab becomes a space."""
    return _FORBIDDEN.sub("", text.replace("\r\n", "\n").replace("\t", " "))


def stable(data: bytes) -> bytes:
    """The same package, its files in one order, without a clock."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as target,
    ):
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = _DATES.sub(rb"\g<1>" + _STAMP, content)
            info = zipfile.ZipInfo(name, _ZIP)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 0
            target.writestr(info, content)
    return out.getvalue()
