"""The handbook: complete, in both languages, the same bytes, a change in its own lines, and nothing in it is markup."""

import copy
import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

import par_engine as par
from par_engine.authoring.handbook import handbook
from par_engine.authoring.markup import Grid, Heading, Paragraph, Points, Quote, html, markdown
from par_engine.authoring.scaffold import template

VALID = sorted((Path(__file__).parents[1] / "corpus" / "methodology-1" / "valid").glob("*.json"))
TOWN = template()


class Outline(HTMLParser):
    """Which elements are open, what is linked, and what stands on the page."""

    VOID = ("meta", "input")

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.ids += [found["id"] or ""] if "id" in found else []
        self.links += [found["href"] or ""] if "href" in found else []
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def outline(page: bytes) -> Outline:
    out = Outline()
    out.feed(page.decode())
    assert out.open == []
    return out


def test_the_same_bytes_every_time() -> None:
    assert handbook(TOWN) == handbook(template())
    assert list(handbook(TOWN)) == ["example-town.vi.md", "example-town.en.md", "example-town.html"]


@pytest.mark.parametrize("path", VALID, ids=lambda p: p.stem)
def test_whatever_a_methodology_declares_is_there(path: Path) -> None:
    document = json.loads(path.read_text(encoding="utf-8"))
    methodology = par.from_document(document, {"full.own": lambda *values, maximum: maximum})
    files = handbook(methodology)
    for lang in ("vi", "en"):
        text = files[f"{methodology.id}.{lang}.md"].decode().replace("\\", "")
        for item in methodology.document.items:
            assert item.title.get(lang) in text  # type: ignore[arg-type]
            assert item.rule_text is None or f"> {item.rule_text.get(lang)}" in text  # type: ignore[arg-type]
        for group in [*methodology.document.sources, *methodology.document.rulings, *methodology.document.facts]:
            assert group in text
        assert all(unit.name in text for unit in methodology.document.units)
    page = outline(files[f"{methodology.id}.html"])
    assert len(set(page.ids)) == len(page.ids)
    assert {link.removeprefix("#") for link in page.links} <= set(page.ids) and page.links


def test_the_page_of_the_example() -> None:
    text = handbook(TOWN)["example-town.vi.md"].decode()
    assert text.startswith("# Thư viện thị trấn (ví dụ)\n\nexample-town, ")
    assert "#### 1.2 Ngày mở cửa (2 điểm)\n\n> Theo tỷ lệ so với kế hoạch; dưới 50 %: 0\n" in text
    cited = "khung lấy theo Điều lệ thư viện thị trấn (văn bản hư cấu); R2; R3"
    assert f"Căn cứ: số dựng lại, KHÔNG chính thức — {cited}\n" in text
    assert "- Điều kiện: C dưới 1 điểm thì tối đa 5.\n" in text
    assert "| Nộp tự đánh giá | Thư viện | chậm nhất 15/12/2020 |" in text
    assert "| Bến Tre Nhỏ | có |" in text


def test_a_change_shows_in_the_lines_of_its_item_alone() -> None:
    document = TOWN.document.model_dump(mode="json", by_alias=True, exclude_unset=True)
    other = copy.deepcopy(document)
    other["items"][3]["title"]["en"] = "Grievances"
    functions: dict[str, Any] = dict(TOWN.scheme.functions)
    pages = [handbook(par.from_document(d, functions))["example-town.en.md"].decode() for d in (document, other)]
    before, after = (page.splitlines() for page in pages)
    changed = [new for old, new in zip(before, after, strict=True) if old != new]
    assert changed[1:] == ["#### 1.3 Grievances (1 points)"] and changed[0].startswith("example-town, ")


EVIL = "<script>alert(1)</script> | *x* `y` [a](b) # c"


def test_nothing_from_outside_becomes_markup() -> None:
    blocks = [
        Heading(1, EVIL),
        Heading(2, EVIL, 'x"><script>'),
        Paragraph(EVIL, mark=True),
        Paragraph("# no heading"),
        Paragraph("- no list"),
        Paragraph("7. no list"),
        Quote(EVIL),
        Points([EVIL]),
        Grid([EVIL], [[EVIL]]),
    ]
    page = html(EVIL, {"vi": blocks, "en": blocks})
    assert "<script" not in page
    assert "".join(outline(page.encode()).text).count("<script>alert(1)</script>") >= 12
    text = markdown(blocks)
    assert "<script" not in text.replace("\\<", "")
    assert "\n\\# no heading\n" in text and "\n\\- no list\n" in text and "\n7\\. no list\n" in text
    assert text.splitlines()[-1] == "| \\<script\\>alert(1)\\</script\\> \\| \\*x\\* \\`y\\` \\[a\\](b) # c |"


def test_the_page_needs_nothing_from_elsewhere() -> None:
    page = handbook(TOWN)["example-town.html"].decode()
    assert not any(word in page for word in ("http", "//", "<script", "@import", "url("))
