"""What a template may say: names of fields, loops over lists, and tests; all else is refused, by mark and paragraph.

What it says is also worked out here, paragraph by paragraph, so that a report can be held against it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from par_engine.base.problems import Problem, did_you_mean, quote
from par_engine.publish.screen import problem
from par_engine.publish.wanted import Choice, Fields, Loop, Paragraph, Say, Test, W, either, own_text, size, work_out

LEVELS = 2
"""How many loops may stand inside one another."""
MOST = 200_000
"""How many elements all loops together may make."""
_LONGEST = 200  # letters of a mark
_MARK = re.compile(r"\{\{(?:(?!\{\{|\}\}|\{%|%\}).)*\}\}|\{%(?:(?!\{\{|\}\}|\{%|%\}).)*%\}", re.DOTALL)
_NAME = r"[A-Za-z_]\w*"
_SAY = re.compile(rf"\{{\{{\s*({_NAME})(?:\.({_NAME}))?\s*\}}\}}", re.ASCII)
_CONTROL = re.compile(r"\{%(?:(p|tr|tc) +|\s*)(for|endfor|if|elif|else|endif)\b\s*(.*?)\s*%\}", re.DOTALL)
_FOR = re.compile(rf"({_NAME})\s+in\s+({_NAME})", re.ASCII)
_TEST = re.compile(
    rf"\s*(?:(?P<word>not|and|or)\b|(?P<name>{_NAME})(?:\.(?P<of>{_NAME}))?|(?P<sign>==|!=|\(|\))"
    r"|\"(?P<a>[^\"\\]*)\"|'(?P<b>[^'\\]*)'|(?P<number>[0-9]+))",
    re.ASCII,
)
_LOOP = ("index", "first", "last", "length")
_CURLED = str.maketrans("“”‘’", "\"\"''")
_SCOPES = {
    "p": ("paragraph", "đoạn", "paragraph", "đoạn"),
    "tr": ("row", "dòng", "row of a table", "dòng của bảng"),
    "tc": ("cell", "ô", "cell of a table", "ô của bảng"),
}
_HELD = ("drawing", "pict", "object", "sectPr", "footnoteReference", "tbl")
_HINT = ("a template names fields, loops and tests, nothing else", "mẫu chỉ gọi tên trường, lặp và xét")
_ANYTHING = object()
"""What a name stands for that a wrong loop gave: the loop is refused, what it says of the name is not."""
Said = tuple[str, str, str, str]


class UnclearError(Exception):
    """A mark that is none of those that a template may hold."""

    def __init__(self, *said: str) -> None:
        super().__init__(said[0])
        self.said: Said = (said[0], said[1], said[2], said[3])


class Marks:
    """The marks of one part, read against the fields that a report has. `problems` are all that is wrong with them."""

    def __init__(self, root: Any, label: str, part: str, fields: Fields) -> None:
        self.fields, self.label, self.part = fields, label, part
        self.problems: list[Problem] = []
        self.names: set[str] = set()
        self.count = 0
        self._place = 0
        self._open: list[tuple[str, Any, Any, str, int]] = []  # word, node, parent element, mark, paragraph
        self._loops: list[Loop] = []
        self._of: dict[str, Any] = {}
        self._paragraphs = list(root.iter(W + "p"))
        self._numbers = {p: n for n, p in enumerate(self._paragraphs, 1)}
        self._outside(root)
        self.body: list[Any] = []
        self._children(root, self.body)
        while self._open:
            self._unended()

    def texts(self) -> list[str]:
        """The paragraphs as they must come out."""
        out: list[str] = []
        work_out(self.body, dict(self.fields), out)
        return out

    def size(self) -> int:
        """How many elements the loops make."""
        return sum(size(node, self.fields) for node in self.body)

    # reading

    def _children(self, element: Any, into: list[Any]) -> None:
        """Read what stands in an element; loops and tests over whole paragraphs, rows or cells end where they began."""
        depth = len(self._open)
        for child in element:
            if not isinstance(child.tag, str):
                continue
            name = child.tag.removeprefix(W)
            if name in _SCOPES and (mark := self._whole(child, name)) is not None:
                self._control(mark, element, self._into(into, depth))
            elif name == "p":
                self._paragraph(child, self._into(into, depth))
            else:
                self._children(child, self._into(into, depth))
            for _, node, parent, *_ in self._open[depth:]:
                if isinstance(node, Loop) and parent is element:
                    node.elements += sum(1 for _ in child.iter())
        while len(self._open) > depth:
            self._unended()

    def _into(self, into: list[Any], depth: int) -> list[Any]:
        """Where the next thing goes: into the innermost loop or test that began in this element."""
        if len(self._open) == depth:
            return into
        node = self._open[-1][1]
        body: list[Any] = node.body if isinstance(node, Loop) else node.branches[-1][1]
        return body

    def _whole(self, element: Any, name: str) -> re.Match[str] | None:
        """The mark that takes a whole paragraph, row or cell; it must stand there alone."""
        paragraphs = [element] if name == "p" else list(element.iter(W + "p"))
        texts = [own_text(p) for p in paragraphs]
        marks = [
            (p, found)
            for p, text in zip(paragraphs, texts, strict=True)
            for m in _MARK.finditer(text)
            if (found := _CONTROL.fullmatch(m[0])) is not None and found[1] == name
        ]
        if not marks or (name != "p" and any(_nearest(p, name) is not element for p, _ in marks)):
            return None
        self._place = self._numbers[marks[0][0]]
        mark = marks[0][1]
        rest = "".join(texts).replace(mark[0], "", 1).strip()
        held = next((h for h in _HELD if next(element.iter(W + h), None) is not None), "")
        if rest or held:
            beside, (what, vi, *_) = quote(rest) if rest else f"<{held}>", _SCOPES[name]
            self._wrong(
                mark[0],
                f"takes its whole {what}, and {beside} beside it would be lost",
                f"give it a {what} of its own",
                f"chiếm cả {vi}, {beside} bên cạnh sẽ mất",
                f"để riêng một {vi} cho dấu này",
            )
        self.count += 1
        return mark

    def _paragraph(self, element: Any, into: list[Any]) -> None:
        self._place = self._numbers[element]
        text = own_text(element)
        paragraph = Paragraph()
        into.append(paragraph)
        depth, at = len(self._open), 0
        for found in _MARK.finditer(text):
            self._loose(text[at : found.start()], text[found.start() : found.end()])
            self._into(paragraph.body, depth).append(Say(text[at : found.start()]))
            at = found.end()
            self.count += 1
            self._mark(found[0], element, self._into(paragraph.body, depth))
        self._loose(text[at:], "")
        self._into(paragraph.body, depth).append(Say(text[at:]))
        while len(self._open) > depth:
            self._unended()
        if any(not isinstance(node, Say) for node in paragraph.body) and (
            next(element.iter(W + "txbxContent"), None) is not None
        ):
            what, hint = "stands beside a text box, which would be lost or doubled", "give the box its own paragraph"
            vi, hint_vi = "đứng cạnh hộp chữ, hộp ấy sẽ mất hoặc bị lặp", "để hộp chữ ở một đoạn riêng"
            self._wrong(next(m[0] for m in _MARK.finditer(text) if m[0][1] == "%"), what, hint, vi, hint_vi)
        for child in element:  # text boxes hold paragraphs of their own
            if isinstance(child.tag, str):
                self._nested(child, into)

    def _nested(self, element: Any, into: list[Any]) -> None:
        for child in element:
            if not isinstance(child.tag, str):
                continue
            if child.tag in (W + "p", W + "tbl"):
                self._children(element, into)
                return
            self._nested(child, into)

    def _loose(self, text: str, after: str) -> None:
        """Refuse braces that make no mark."""
        found = re.search("[{}｛｝]", text)
        if found is None:
            return
        shown = (text + after)[found.start() :]
        if shown.startswith("{#"):
            self._wrong(shown[:40], "is a comment", _HINT[0], "là ghi chú của mẫu", _HINT[1])
        elif found[0] in "{｛":
            self._wrong(
                shown[:40],
                "does not close",
                "write {{ field }} or {% … %}, within one paragraph",
                "không đóng",
                "viết {{ trường }} hoặc {% … %}, gọn trong một đoạn",
            )
        else:
            self._wrong(
                text[: found.end()][-40:],
                "does not open",
                "write {{ field }} or {% … %}, within one paragraph",
                "không có phần mở",
                "viết {{ trường }} hoặc {% … %}, gọn trong một đoạn",
            )

    def _mark(self, mark: str, parent: Any, into: list[Any]) -> None:
        if len(mark) > _LONGEST:
            self._wrong(mark, "is too long", _HINT[0], "quá dài", _HINT[1])
        elif said := _SAY.fullmatch(mark):
            try:
                into.append(self._say(said[1], said[2] or ""))
            except UnclearError as error:
                self._wrong(mark, *error.said)
        elif (found := _CONTROL.fullmatch(mark)) is None:
            self._wrong(mark, "is none that a template may hold", _HINT[0], "không phải dấu được phép", _HINT[1])
        elif found[1]:
            *_, what, vi = _SCOPES[found[1]]
            self._wrong(mark, f"needs a {what} to stand in", _HINT[0], f"phải nằm trong một {vi}", _HINT[1])
        else:
            self._control(found, parent, into)

    def _say(self, name: str, of: str) -> Say:
        value = self._value(name, of)
        if isinstance(value, (list, tuple, dict)):
            raise UnclearError(
                "is a list, not a text", "loop over it: {% for x in … %}", "là danh sách", "lặp: {% for x in … %}"
            )
        self.names.add(name)
        return Say("", name, of)

    def _value(self, name: str, of: str) -> Any:
        """A value of the kind that a name stands for, to see that there is one."""
        if name == "loop" and self._loops:
            if of not in _LOOP:
                there = ", ".join(_LOOP)
                raise UnclearError("names nothing of a loop", f"known are {there}", "gọi tên không có", f"có {there}")
            return 0
        known = {**self.fields, **self._of}
        if name not in known:
            near = did_you_mean(name, known)
            raise UnclearError("names a field that is not there", near, "gọi tên trường không có", "")
        value = known[name]
        if value is _ANYTHING:
            return ""
        if not of:
            return value
        if not isinstance(value, Mapping):
            raise UnclearError("asks a text for something", _HINT[0], "gọi một phần của chữ", _HINT[1])
        if value and of not in value:
            raise UnclearError(
                "names a field that is not there", did_you_mean(of, value), "gọi tên trường không có", ""
            )
        return value.get(of, "")

    def _control(self, found: re.Match[str], parent: Any, into: list[Any]) -> None:
        mark, scope, word, rest = found[0], found[1] or "", found[2], found[3].translate(_CURLED)
        try:
            if word in ("for", "if"):
                node = self._for(rest) if word == "for" else Choice([(self._test(rest), [])])
                into.append(node)
                self._open.append((scope + word, node, parent, mark, self._place))
                if isinstance(node, Loop):
                    self._loops.append(node)
                return
            self._go_on(scope, word, rest, parent)
        except UnclearError as error:
            self._wrong(mark, *error.said)
            if word in ("for", "if"):  # what ends it is not wrong too
                name = rest.split()[0] if rest else ""
                broken: Loop | Choice = Loop(name, "") if word == "for" else Choice([(("is", 1), [])])
                self._open.append((scope + word, broken, parent, mark, self._place))
                if isinstance(broken, Loop):
                    self._loops.append(broken)
                    self._of.setdefault(name, _ANYTHING)

    def _go_on(self, scope: str, word: str, rest: str, parent: Any) -> None:
        opening = "for" if word == "endfor" else "if"
        if not self._open or self._open[-1][0] != scope + opening or self._open[-1][2] is not parent:
            what = f"stands where no {{%{scope} {opening} … %}} of the same kind and place is open"
            vi = f"không có {{%{scope} {opening} … %}} cùng loại, cùng chỗ đứng trước"
            raise UnclearError(what, "begin and end in one place, by one kind", vi, "mở và đóng cùng chỗ, cùng loại")
        node = self._open[-1][1]
        if word in ("endfor", "endif"):
            if rest:
                raise UnclearError("says too much", _HINT[0], "thừa chữ", _HINT[1])
            self._open.pop()
            if isinstance(node, Loop):
                self._loops.pop()
                self._of.pop(node.name, None)
            return
        if node.branches[-1][0] is None or (word == "else") is bool(rest):
            raise UnclearError("does not fit", _HINT[0], "không hợp chỗ", _HINT[1])
        node.branches.append((None if word == "else" else self._test(rest), []))

    def _for(self, words: str) -> Loop:
        found = _FOR.fullmatch(words)
        if found is None:
            raise UnclearError(
                "is no loop", "write {% for x in rows %}", "không phải vòng lặp", "viết {% for x in rows %}"
            )
        if len(self._loops) >= LEVELS:
            raise UnclearError(
                f"is a loop inside {LEVELS} others", f"at most {LEVELS}, one in the other",
                f"là vòng lặp nằm trong {LEVELS} vòng khác", f"tối đa {LEVELS} vòng lồng nhau",
            )  # fmt: skip
        value = self._value(found[2], "")
        if not isinstance(value, (list, tuple)):
            raise UnclearError("loops over what is no list", _HINT[0], "lặp trên thứ không phải danh sách", _HINT[1])
        if found[1] in self.fields or found[1] in self._of or found[1] == "loop":
            what, vi = "takes a name that is taken", "đặt tên đã dùng"
            raise UnclearError(what, "name what it loops by another name", vi, "đặt tên khác")
        self._of[found[1]] = value[0] if value else {}
        self.names.add(found[2])
        return Loop(found[1], found[2])

    def _test(self, words: str) -> Test:
        tokens: list[Test] = []
        at = 0
        while words[at:].strip():
            found = _TEST.match(words, at)
            if found is None:
                raise UnclearError(
                    "tests what a template cannot test", _HINT[0], "xét điều mẫu không xét được", _HINT[1]
                )
            at = found.end()
            if found["word"] or found["sign"]:
                tokens.append((found["word"] or found["sign"],))
            elif found["name"]:
                self._value(found["name"], found["of"] or "")
                tokens.append(("name", found["name"], found["of"] or ""))
            else:
                text = next(x for x in (found["a"], found["b"], found["number"]) if x is not None)
                tokens.append(("is", int(text) if found["number"] else text))
        test = either(tokens)
        if test is None or tokens:
            raise UnclearError("is no test", "write {% if gaps %}", "không phải phép xét", "viết {% if gaps %}")
        return test

    def _unended(self) -> None:
        _, node, _, mark, self._place = self._open.pop()
        if isinstance(node, Loop):
            self._loops.pop()
            self._of.pop(node.name, None)
        word = "endfor" if isinstance(node, Loop) else "endif"
        self._wrong(
            mark, f"has no {{% {word} %}} in its place", "begin and end in one place, by one kind",
            f"không có {{% {word} %}} cùng chỗ", "mở và đóng cùng chỗ, cùng loại",
        )  # fmt: skip

    def _outside(self, root: Any) -> None:
        """Refuse marks where no text of a paragraph is: they would be filled in unseen, or not at all."""
        for element in root.iter():
            if not isinstance(element.tag, str):
                continue
            typed = [element.tail or "", "" if element.tag == W + "t" else element.text or ""]
            found = [re.search("[{}].*", text) for text in typed]
            found += [re.search("[{][{%#].*", value) for value in element.attrib.values()]
            for one in found:
                if one is not None:
                    what, vi = "stands in no text of a paragraph", "không nằm trong chữ của đoạn nào"
                    self._wrong(one[0][:40], what, "type it as text", vi, "gõ thành chữ trong đoạn")

    def _around(self) -> str:
        """The text of the paragraph at hand."""
        return "" if not self._place else " ".join(own_text(self._paragraphs[self._place - 1]).split())

    def _wrong(self, mark: str, what: str, hint: str, vi: str, hint_vi: str) -> None:
        at = f"{self.part}/paragraph/{self._place}" if self._place else self.part
        shown, around = quote(mark, 80), self._around()
        if around and around != mark.strip():
            what, vi = f"{what} (in {quote(around)})", f"{vi} (ở {quote(around)})"
        self.problems.append(problem(self.label, at, f"the mark {shown} {what}", hint, f"dấu {shown} {vi}", hint_vi))


def _nearest(paragraph: Any, name: str) -> Any:
    return next(paragraph.iterancestors(W + name), None)
