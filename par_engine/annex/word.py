"""The text of a Word cell as it is shown: numbers that Word makes, signs of symbol fonts, and what is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

_WRAPS = ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag")
_SILENT = ("pPr", "rPr", "tcPr", "tblPr", "trPr", "instrText", "Fallback", "sectPr", "softHyphen")
_OFF = ("0", "false", "off", "none")
SIGNS = {
    **{0xB3: "≥", 0xA3: "≤", 0xB4: "×", 0xB8: "÷", 0xB1: "±", 0xB9: "≠", 0xB7: "•", 0xD7: "×", 0xA5: "∞", 0xBB: "≈"},
    **{0x2D: "-", 0xA4: "/", 0xAE: "→", 0xDE: "⇒"},
    **{code: chr(code) for code in (*range(0x20, 0x22), 0x23, *range(0x25, 0x27), *range(0x28, 0x2D), 0x2E, 0x2F)},
    **{code: chr(code) for code in (*range(0x30, 0x40), 0x5B, 0x5D, 0x7B, 0x7C, 0x7D)},
}
"""What the codes of the Symbol font show; digits and common marks are where ASCII has them."""
LOST = "\ufffd"
"""A sign whose look is not known: no rule takes it, so its line is asked about."""
Say = Callable[[str, str], None]
"""Takes what was left out: its kind (`struck`, `hidden`, `deleted`, `mark`) and its text."""


def tag(element: Any) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def attribute(element: Any, name: str, otherwise: Any = None) -> Any:
    """The attribute of an element by its name without the namespace."""
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), otherwise)


def inside(parent: Any, name: str) -> Iterator[Any]:
    """The parts of a body, table or row, also within content controls and accepted changes."""
    for child in parent:
        if tag(child) == name:
            yield child
        elif tag(child) in _WRAPS:
            yield from inside(child, name)


def signs(text: str) -> str:
    """Text in which signs of the Symbol font, which stand in the private use area, are what they show."""
    if not any("\uf000" <= c <= "\uf0ff" for c in text):
        return text
    return "".join(SIGNS.get(ord(c) - 0xF000, LOST) if "\uf000" <= c <= "\uf0ff" else c for c in text)


class Texts:
    """Reads cells of one document; `numbers` are what Word shows before paragraphs."""

    def __init__(self, document: Any, numbers: Mapping[Any, str]) -> None:
        self.numbers = numbers
        self.styles = {attribute(style, "styleId"): style for style in document.styles.element.iter("{*}style")}

    def of(self, element: Any, say: Say) -> str:
        """What an element shows; what it hides goes to `say`."""
        out: list[str] = []
        for child in element:
            name = tag(child)
            if name in _SILENT:
                continue
            if name == "p":
                number = self.numbers.get(child, "")
                text = self.of(child, say)
                out.append(f"{number} {text}\n" if number else f"{text}\n")
            elif name == "r":
                out.append(self._run(child, element, "".join(out), say))
            elif name in ("del", "moveFrom"):
                deleted = "".join(t.text or "" for t in child.iter("{*}delText", "{*}t"))
                if deleted.strip():
                    say("deleted", deleted)
            elif name == "tr":
                out.append(": ".join(" ".join(self.of(tc, say).split()) for tc in inside(child, "tc")) + "\n")
            elif name == "num":  # of a fraction in an equation
                top = self.of(child, say)
                out.append(f"({top})" if any(sign in top.strip() for sign in "+-−×") else top)
            elif name == "den":
                below = self.of(child, say)
                out.append(f"/({below})" if any(sign in below.strip() for sign in "+-−×") else f"/{below}")
            else:
                out.append(self._leaf(child, name, "") or self.of(child, say))
        return "".join(out)

    def _run(self, run: Any, paragraph: Any, before: str, say: Say) -> str:
        font = run.find("{*}rPr/{*}rFonts")
        face = "" if font is None else str(attribute(font, "ascii") or attribute(font, "hAnsi") or "")
        text = "".join(self._leaf(child, tag(child), face) or self._within(child, say) for child in run)
        if not text:
            return ""
        for kind, names in (("struck", ("strike", "dstrike")), ("hidden", ("vanish", "webHidden"))):
            if any(self._on(run, paragraph, name) for name in names):
                if text.strip():
                    say(kind, text)
                return "\n" if "\n" in text else ""
        raised = run.find("{*}rPr/{*}vertAlign")
        if raised is not None and attribute(raised, "val") == "superscript" and before.strip() and text.strip():
            if before.endswith("m") and text.strip() in ("2", "3"):
                return text  # square and cubic metres
            say("mark", text)
            return ""
        return text

    def _within(self, child: Any, say: Say) -> str:
        return "" if tag(child) in (*_SILENT, "delText") else self.of(child, say)

    def _leaf(self, child: Any, name: str, face: str) -> str:
        """What one sign or piece of text shows; "" when the element is a container."""
        if name == "t":
            text = child.text or ""
            if face == "Symbol":
                text = "".join(SIGNS.get(ord(c) & 0xFF, LOST) if ord(c) < 0x100 or c >= "\uf000" else c for c in text)
            elif face.startswith("Wingdings"):
                text = "".join("-" if "\uf000" <= c <= "\uf0ff" else c for c in text)
            return signs(text)
        if name in ("br", "cr"):
            return "\n"
        if name == "tab":
            return " "
        if name == "noBreakHyphen":
            return "-"
        if name == "sym":
            code, font = str(attribute(child, "char") or ""), str(attribute(child, "font") or "")
            if font.startswith("Wingdings"):
                return "- "
            try:
                return SIGNS.get(int(code, 16) & 0xFF, LOST) if font == "Symbol" else LOST
            except ValueError:
                return LOST
        return ""

    def _on(self, run: Any, paragraph: Any, name: str) -> bool:
        """Whether a run is struck or hidden: by itself, by its character style, or by the style of its paragraph."""
        own = run.find(f"{{*}}rPr/{{*}}{name}")
        if own is not None:
            return attribute(own, "val", "1") not in _OFF
        for node, path in ((run, "{*}rPr/{*}rStyle"), (paragraph, "{*}pPr/{*}pStyle")):
            found = node.find(path)
            id = attribute(found, "val") if found is not None else None
            seen: set[str] = set()
            while id is not None and id in self.styles and id not in seen:
                seen.add(id)
                said = self.styles[id].find(f"{{*}}rPr/{{*}}{name}")
                if said is not None:
                    return attribute(said, "val", "1") not in _OFF
                above = self.styles[id].find("{*}basedOn")
                id = attribute(above, "val") if above is not None else None
        return False
