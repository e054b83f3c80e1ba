"""Text in an encoding of before Unicode, or spoilt on its way: recognised by what its words would be, never mended."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

_TONES = "\u0300\u0301\u0303\u0309\u0323"
_STROKES = {0xF0: "đ"}  # ð, which old keyboards write for it
_SYLLABLE = re.compile(
    "(?:b|ch?|d|đ|gh?|gi|h|kh?|l|m|ngh?|nh?|ph?|qu|r|s|th?|tr|v|x)?"
    "(?:i?a|i?e|i?ê|o?ă|u?â|oa|oe|oă|oo?|ô|u?ơ|ươ|ưa?|u|uô|ua|ue|uê|uy|uya|uyê|y|yê|i|ai|ao|au|ay|âu|ây|eo|êu|ia|iu|iêu"
    "|oai|oao|oay|oeo|oi|ôi|ơi|ua|uây|ui|ưi|uôi|ươi|ưu|ươu|uya|uyu|yêu)"
    "(?:ch?|m|ng?|nh|p|t)?"
)
_TCVN3 = dict(
    zip(
        "¡¢£¤¥¦§¨©ª«¬\u00ad®µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ",
        "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
        strict=True,
    )
)
_VNI_TONES = {"ø": "\u0300", "ù": "\u0301", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
_VNI_HATS = {
    "â": "\u0302", "á": "\u0302\u0301", "à": "\u0302\u0300", "å": "\u0302\u0309", "ã": "\u0302\u0303",
    "ä": "\u0302\u0323", "ê": "\u0306", "é": "\u0306\u0301", "è": "\u0306\u0300", "ú": "\u0306\u0309",
    "ü": "\u0306\u0303", "ë": "\u0306\u0323",
}  # fmt: skip
_VNI_ALONE = {"ñ": "đ", "ö": "ư", "ô": "ơ", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
_SIGNS = re.compile(r"[^\W\d_][¡-©«¬®-±´-¸»-¿×÷]|[¡-©«¬®-±´-¸»-¿×÷][^\W\d_]")
_UTF8 = re.compile("[ÂÃĂÄÅÆ][\u00a0-¿‚„†‡‰‹‘’“”•–—™›œŒžŽŸ\u0080-\u009f]|á[º»]|â€")
_LOST = re.compile(r"[^\W\d_]\?|\?[^\W\d_]")
_WORD = re.compile(r"[^\s.,;:()/\-\d]+")


class Legacy(NamedTuple):
    """What a text is taken for, in English and Vietnamese."""

    what: str
    what_vi: str
    hint: str = "type it again in Unicode, or convert it"
    hint_vi: str = "hãy gõ lại bằng Unicode, hoặc chuyển mã rồi kiểm tra"


_FONT = "the text looks like {}, not Unicode", "chữ có vẻ theo mã {}, không phải Unicode"
_LETTERS = Legacy("letters were lost", "có chữ bị mất", "type it again", "hãy gõ lại ô này")


def legacy(text: str) -> Legacy | None:
    """What is wrong with the encoding of a text in Vietnamese, or None.

    A word is taken for another encoding's only where it cannot be a Vietnamese word as it stands, and is one there; so
    names of other languages stay.

    >>> legacy("Së T\u00ad ph¸p").what
    'the text looks like TCVN3 (ABC), not Unicode'
    >>> legacy("Sở Tư pháp") is None
    True
    """
    if text.isascii() and "?" not in text:
        return None
    text = unicodedata.normalize("NFC", text)
    if "\ufffd" in text or _LOST.search(text):
        return _LETTERS
    if _UTF8.search(text):
        return Legacy("the text is UTF-8 that was read as something else", "chữ là UTF-8 đã bị đọc sai mã")
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    odd = [word for word in words if not _known(word)]
    found = [sum(_known(read(word)) for word in odd) for read in _READINGS.values()]
    if any(found):
        name = list(_READINGS)[found.index(max(found))]
        return _said(name, name)
    if "\u00ad" in text or _SIGNS.search(text):
        return _said("an old encoding", "cũ")
    return None


def _said(name: str, name_vi: str) -> Legacy:
    return Legacy(_FONT[0].format(name), _FONT[1].format(name_vi))


def _known(word: str | None) -> bool:
    """Whether a word can be one syllable of Vietnamese."""
    letters = unicodedata.normalize("NFD", (word or "").lower().translate(_STROKES))
    tones = sum(c in _TONES for c in letters)
    plain = unicodedata.normalize("NFC", "".join(c for c in letters if c not in _TONES))
    return tones < 2 and "n\u0303" not in letters and _SYLLABLE.fullmatch(plain) is not None


def _tcvn3(word: str) -> str | None:
    if max(word) > "\u00ff":
        return None
    return "".join(_TCVN3.get(c, c) for c in word)


def _vni(word: str) -> str | None:
    if max(word) > "\u00ff":
        return None
    return unicodedata.normalize("NFC", "".join(_vni_letters(word.lower())))


def _vni_letters(word: str) -> Iterator[str]:
    last = ""
    for c in word:
        if c in _VNI_HATS and last in ("a", "e", "o"):
            yield _VNI_HATS[c]
        elif c in _VNI_TONES and last and last in "aeouyôö":
            yield _VNI_TONES[c]
        else:
            yield _VNI_ALONE.get(c, c)
        last = c


def _windows(word: str) -> str | None:
    try:
        return unicodedata.normalize("NFC", word.encode("cp1252").decode("cp1258"))
    except UnicodeError:
        return None


_READINGS: Mapping[str, Callable[[str], str | None]] = {"TCVN3 (ABC)": _tcvn3, "VNI": _vni, "Windows-1258": _windows}
