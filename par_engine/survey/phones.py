"""Telephone numbers as people type them in lists, and the one form in which they are handed on."""

from __future__ import annotations

import re
from typing import NamedTuple

from par_engine.base.extras import needs
from par_engine.i18n.catalogue import text as said

REGION = "VN"
_EXTENSION = re.compile(r"\s*(?:[,;(]\s*)?(?:máy lẻ|số lẻ|máy nhánh|nhánh|lẻ|ext\.?|x)\s*[:.]?\s*(\d{1,5})\)?$", re.I)
_SIGNS = re.compile(r"[0-9 .()/+\-]+")
_GOVERNMENT = re.compile(r"080[2-9]?\d{5}")
"""Lines of the Government's own network, which no public numbering plan has."""
_SEVERAL = re.compile(r"\d{7,}\D+\d{7,}")


class Phone(NamedTuple):
    """A number that was recognised: as it is handed on, what makes it the same as another, and whether it is a line
    that an office may share."""

    written: str
    same: str
    shared: bool


class Misread(NamedTuple):
    """Why a cell is no telephone number: the entry of its problem."""

    entry: str


def phone(cell: str, label: str) -> Phone | Misread:
    """What a cell says. Letters are refused here: phonenumbers leaves them out and takes what remains.

    >>> phone("+84 912 345 678", "list").written
    '0912345678'
    >>> phone("080 43162", "list").written
    '08043162'
    >>> phone("(+84) 80 43162", "list").written
    '08043162'
    """
    try:
        import phonenumbers
    except ImportError:
        needs(label, "survey")
    text, extension = cell.strip(), ""
    if re.fullmatch(r"\d(?:[.,]\d+)?[eE]\+\d+", text):
        return Misread("phone.cut")
    if found := _EXTENSION.search(text):
        text, extension = text[: found.start()], found[1]
    if not _SIGNS.fullmatch(text):
        several = len(re.findall(r"\d[\d .]{6,}", text)) > 1
        return Misread("phone.several" if several else "phone.letters" if any(map(str.isalpha, text)) else "phone")
    digits = "".join(c for c in text if c.isdigit())
    line = f"0{digits[2:]}" if digits.startswith("8480") else digits
    if _GOVERNMENT.fullmatch(line):
        if line != digits and not text.lstrip(" (").startswith("+"):  # the same digits are a mobile without its zero
            return Misread("phone.government")
        return Phone(_with(line, extension), f"{line};{extension}", True)
    try:
        number = phonenumbers.parse(text, REGION)
        good = phonenumbers.is_valid_number(number)
    except phonenumbers.NumberParseException:
        good = False
    if not good:
        short = not digits.startswith(("0", "84")) and len(digits) < 9
        several = _SEVERAL.search(text) is not None or len(digits) > 15
        return Misread("phone.several" if several else "phone.zero" if short else "phone")
    home = number.country_code == phonenumbers.country_code_for_region(REGION)
    form = phonenumbers.PhoneNumberFormat.NATIONAL if home else phonenumbers.PhoneNumberFormat.E164
    written = phonenumbers.format_number(number, form).replace(" ", "")
    fixed = phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.FIXED_LINE
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return Phone(_with(written, extension), f"{e164};{extension}", fixed)


def _with(number: str, extension: str) -> str:
    return said("survey.list", "extension", "vi", number=number, extension=extension) if extension else number
