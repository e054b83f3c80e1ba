"""Stages in a page, in a real browser: who has come how far, and what must not be subtracted from what."""

import json
from pathlib import Path

import pytest

pytest.importorskip("playwright")
pytest.importorskip("axe_playwright_python")

import browsing
import sixty
from axe_playwright_python.sync_playwright import Axe
from browsing import opened
from playwright.sync_api import Browser

import par_engine as par
from par_engine.publish.page import page

ROOT = Path(__file__).parents[2]
pytestmark = [pytest.mark.source, browsing.needed]


@pytest.fixture(scope="module")
def surveyed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    methodology = par.load("2021-province")
    content = json.loads((ROOT / "examples/dien-bien-2021/evidence.json").read_text(encoding="utf-8"))
    before = methodology.assess(sixty.without_surveys(content, methodology))
    path = tmp_path_factory.mktemp("surveyed") / "page.html"
    path.write_bytes(page(methodology.assess({**content, "stage": "final"}), [before]))
    return path


@pytest.mark.parametrize("width", [1280, 390])
def test_points_out_of_different_maxima_are_not_subtracted(browser: Browser, surveyed: Path, width: int) -> None:
    view, bad = opened(browser, surveyed, "#/unit/dien-bien", width)
    card = view.get_by_role("region", name="Tự đánh giá và thẩm định xong khác nhau thế nào?").first
    total = card.locator("table").first.locator("tr").nth(1).locator("th, td").all_inner_texts()
    assert total[1:3] == ["55,13 / 66,5", "82,16 / 100"] and total[3].startswith("≠")
    assert "hai giai đoạn không tính trên cùng số điểm tối đa" in total[3]
    bars = card.locator(".chart .bar").all()
    apart = [bar for bar in bars if "≠" in bar.inner_text()]
    assert len(apart) == 7 and len(bars) == 9  # the total, and the fields that a survey asks about
    for bar in bars:
        assert bar.locator("line.up, line.down").count() == (bar not in apart)
    assert "27,03" not in card.inner_text() and "6,36" not in card.inner_text()
    found = Axe().run(view)
    assert found.response["violations"] == [], found.generate_report()
    view.goto(surveyed.as_uri() + "#/")
    row = view.locator("table.league tbody tr").text_content() or ""
    assert "≠" in row and "27,03" not in row
    assert "Dấu ≠: hai giai đoạn không tính trên cùng số điểm tối đa" in view.locator("main").inner_text()
    assert bad == []
    view.close()


@pytest.fixture(scope="module")
def waiting(tmp_path_factory: pytest.TempPathFactory) -> Path:
    methodology = par.load("example-town")
    content = json.loads((ROOT / "examples/example-town.json").read_text(encoding="utf-8"))
    stages = [methodology.assess({**content, "stage": stage}) for stage in ("self-assessment", "appraisal", "final")]
    path = tmp_path_factory.mktemp("waiting") / "page.html"
    path.write_bytes(page(stages[2], stages[:2], waiting={"dong-xuan", "ben-tre-nho"}))
    return path


@pytest.mark.parametrize("width", [1280, 390])
def test_a_league_says_who_has_not_come_to_its_stage(browser: Browser, waiting: Path, width: int) -> None:
    view, bad = opened(browser, waiting, "#/", width)
    names = [text.strip() for text in view.locator("table.league tbody th").all_inner_texts()]
    assert sorted(name for name in names if "*" in name) == ["Bến Tre Nhỏ *", "Đồng Xuân *"] and len(names) == 5
    said = "2 trên 5 đơn vị chưa có kết quả thẩm định xong (dấu *), đứng theo điểm đã có"
    assert said in view.locator("p.caution").first.inner_text()
    assert "Dấu *: chưa có kết quả thẩm định xong." in view.locator("main").inner_text()
    assert "*" in view.locator("dl.figures").first.inner_text()  # the lowest index is that of one which waits
    found = Axe().run(view)
    assert found.response["violations"] == [], found.generate_report()
    assert bad == []
    view.close()


def test_a_profile_has_no_column_of_a_stage_not_reached(browser: Browser, waiting: Path) -> None:
    for id, heads in (
        ("ben-tre-nho", ["Mục", "Tự đánh giá", "Thẩm định", "Thay đổi"]),
        ("ashford", ["Mục", "Tự đánh giá", "Thẩm định", "Thẩm định xong", "Thay đổi"]),
    ):
        view, bad = opened(browser, waiting, f"#/unit/{id}")
        card = view.locator("section[aria-labelledby=h-stages]")
        assert card.locator("table").first.locator("thead th").all_inner_texts() == heads
        assert (card.locator("circle.dot").count() == 0) is (id == "ben-tre-nho")
        assert view.locator("h1").inner_text().endswith("*") is (id == "ben-tre-nho")
        assert "2 trên 5 đơn vị chưa có kết quả" in view.locator("p.caution").first.inner_text()
        assert bad == []
        view.close()
