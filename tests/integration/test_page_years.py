"""Several years and stages in a page: what is joined and what is not, why, how fast, and for whom."""

import json
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("playwright")
pytest.importorskip("axe_playwright_python")

import browsing
import sixty
from axe_playwright_python.sync_playwright import Axe
from browsing import COUNTING, opened
from playwright.sync_api import Browser, Page

import par_engine as par
from par_engine.base.decimals import round_to, text
from par_engine.cli.publishing import page_command
from par_engine.comparison.history import compared

ROOT = Path(__file__).parents[2]
pytestmark = [pytest.mark.source, browsing.needed]
YEARS = (("2021-province", 1), ("2022-province", 2))
STAGES = (("self-assessment", 5), ("appraisal", 6), ("final", 7))


def reports(folder: Path) -> dict[str, Path]:
    out = {}
    for id, seed in YEARS:
        methodology = par.load(id)
        out[id] = folder / f"{id}.json"
        report = methodology.assess(sixty.evidence(methodology, "appraisal", seed, 0)).report()
        out[id].write_text(json.dumps(report), encoding="utf-8")
    return out


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return reports(tmp_path_factory.mktemp("old"))


@pytest.fixture(scope="module")
def out(old: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("years")
    methodology = par.load("2023-province")
    evidence = []
    for stage, seed in STAGES:
        evidence.append(folder / f"{stage}.json")
        evidence[-1].write_text(json.dumps(sixty.evidence(methodology, stage, seed, 0)), encoding="utf-8")
    path = folder / "page.html"
    assert page_command(evidence, methodology.id, path, list(old.values()), stage=None, lang="vi") == 0
    return path


def row(page: Page, name: str) -> list[str]:
    line = page.locator("table.years tbody tr", has=page.get_by_role("link", name=name, exact=True))
    return [cell.strip() for cell in line.locator("td, th").all_inner_texts()]


def test_every_year_shows_its_figures_and_only_what_compares_has_a_change(
    browser: Browser, out: Path, old: dict[str, Path]
) -> None:
    page, bad = opened(browser, out, "#/years")
    shares = []
    for path in old.values():
        unit = next(u for u in json.loads(path.read_text())["units"] if u["unit"] == "dien-bien")
        shares.append(unit["index"])
    methodology = par.load("2023-province")
    now = methodology.assess(sixty.evidence(methodology, "final", 7, 0)).unit("dien-bien")
    shown = row(page, "Điện Biên")
    change = Fraction(str(now.index)) - Fraction(shares[1])
    signed = ("+" if change > 0 else "−") + text(abs(round_to(change, 2, "half_up")), 2).replace(".", ",")
    assert [cell.replace("\n", "") for cell in shown[:6]] == [
        "Điện Biên",
        shares[0].replace(".", ","),
        "≠Không so sánh được",
        shares[1].replace(".", ","),
        signed,
        str(now.index).replace(".", ","),
    ]
    why = page.get_by_role("region", name="Chỗ nào không so sánh được, vì sao?").inner_text()
    assert "SIPAS đổi phương pháp" in why and "điểm tối đa đổi từ 8,5 thành 9,5" in why and "63 đơn vị" in why
    page.get_by_label("Tìm đơn vị").fill("dien bien")
    assert page.locator("table.years tbody tr").count() == 1
    page.get_by_label("Con số").select_option(label="2. Cải cách thể chế")
    assert "≠" not in "".join(row(page, "Điện Biên"))  # the same maximum in all three, and no break declared
    assert bad == []
    page.close()


def test_a_line_joins_only_what_compares(browser: Browser, out: Path) -> None:
    page, bad = opened(browser, out, "#/unit/dien-bien")
    found = json.loads(page.locator("#data").text_content() or "")
    unit = next(u for u in found["units"] if u["id"] == "dien-bien")
    bars = page.locator(".trends .bar")
    assert bars.count() == 10  # the names of the years, the total, eight fields
    for number, bar in enumerate(bars.all()[1:]):
        edges = unit["h"][str([0, *(i for i, n in enumerate(found["nodes"]) if n.get("p") == 0)][number])][1]
        assert bar.locator("line.joined").count() == sum(not edge for edge in edges)
        assert bar.locator("text.cut").count() == sum(bool(edge) for edge in edges)
    assert page.locator(".trends text.cut").count() >= 6
    assert bad == []
    page.close()


def test_every_stage_has_a_column(browser: Browser, out: Path) -> None:
    page, bad = opened(browser, out, "#/unit/dien-bien")
    title = "Tự đánh giá, thẩm định và thẩm định xong khác nhau thế nào?"
    card = page.get_by_role("region", name=title).first
    lines = card.locator("table").first.locator("tr").all_inner_texts()
    assert re.split(r"\t", lines[0]) == ["Mục", "Tự đánh giá", "Thẩm định", "Thẩm định xong", "Thay đổi"]
    methodology = par.load("2023-province")
    total = [
        str(round_to(Fraction(u.points or 0), 2, "half_up"))
        for u in (methodology.assess(sixty.evidence(methodology, *s, 0)).unit("dien-bien") for s in STAGES)
    ]
    assert [cell.replace(",", "") for cell in lines[1].split("\t")[1:4]] == total
    assert card.locator("circle.ring").count() == card.locator("circle.between").count() == 9
    page.get_by_role("button", name="English").click()
    assert page.get_by_role("region", name="Self-assessment, appraisal and final: ").count() in (0, 1)
    assert "Self-assessment" in page.locator("section.full table").first.inner_text()
    assert bad == []
    page.close()


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("hash", ["#/years", "#/unit/dien-bien"])
def test_years_hinder_no_screen_reader_and_no_telephone(browser: Browser, out: Path, hash: str, width: int) -> None:
    page, bad = opened(browser, out, hash, width)
    found = Axe().run(page)
    assert found.response["violations"] == [], found.generate_report()
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0 and bad == []
    small = page.evaluate(
        "[...document.querySelectorAll('button, a, select, input')].map((e) => [e.textContent, e.getBoundingClientRect()])"
        ".filter(([, r]) => r.width && (r.height < 18 || r.width < 16)).map(([t]) => t)"
    )
    assert small == []
    page.close()


def test_years_make_few_elements_at_once(browser: Browser, out: Path) -> None:
    assert out.stat().st_size < 3_000_000
    page, bad = opened(browser, out, "#/")
    page.evaluate(COUNTING)
    made = page.evaluate(
        """async () => {
          const out = [];
          location.hash = '#/years'; await paint(); await paint();
          for (let i = 0; i < 6; i += 1) out.push(await work(() => document.querySelectorAll('table.years thead button')[i].click()));
          const pick = document.getElementById('node');
          for (const i of [1, 3, 5, 0]) out.push(await work(() => { pick.selectedIndex = i; pick.dispatchEvent(new Event('change')); }));
          return out;
        }"""
    )
    assert 0 < max(made) < 2_000, made
    assert bad == []
    page.close()


def test_merged_units_and_unknown_methodologies_are_not_joined(old: dict[str, Path], tmp_path: Path) -> None:
    older = par.load("2024-province")
    path = tmp_path / "2024.json"
    path.write_text(json.dumps(older.assess(sixty.evidence(older, "appraisal", 4, 0)).report()), encoding="utf-8")
    newer = par.load("2025-province")
    assessment = newer.assess(sixty.evidence(newer, "appraisal", 5, 0))
    found = compared([old["2022-province"], path], assessment, newer)
    edges = found["history"]["tuyen-quang"]["total"]["breaks"]
    assert any("hợp nhất" in reason["vi"] for reason in edges[1])
    parts = [u for u in json.loads(path.read_text())["units"] if u["unit"] in ("ha-giang", "tuyen-quang")]
    mean = sum(Fraction(u["points"]) for u in parts) / 2
    assert found["history"]["tuyen-quang"]["total"]["shares"][1] == text(round_to(mean, 2, "half_up"), 2)
    other = json.loads(path.read_text())
    other["methodology"]["fingerprint"] = "0" * 64
    path.write_text(json.dumps(other), encoding="utf-8")
    edges = compared([path], assessment, newer)["history"]["ha-noi"]["total"]["breaks"]
    assert edges[0][0]["vi"].startswith("chưa cài đúng bộ tiêu chí")


def test_a_self_assessment_is_not_joined_with_an_appraisal(tmp_path: Path) -> None:
    methodology = par.load("2023-province")
    path = tmp_path / "old.json"
    before = methodology.assess(sixty.evidence(methodology, "self-assessment", 5, 0)).report()
    path.write_text(json.dumps(before), encoding="utf-8")
    found = compared([path], methodology.assess(sixty.evidence(methodology, "final", 7, 0)), methodology)
    reasons: list[Any] = found["history"]["dien-bien"]["total"]["breaks"][0]
    assert [reason["vi"] for reason in reasons] == ["một bên là tự đánh giá, một bên không"]
    assert found["moves"] and all(
        move["change"] is None and reasons[0] in move["not_comparable"] for move in found["moves"]
    )
    with pytest.raises(par.ParError, match="same report"):
        compared([path, path], methodology.assess(sixty.evidence(methodology, "final", 7, 0)), methodology)


@pytest.mark.parametrize(
    ("stage", "older", "fingerprint", "why"),
    [
        ("self-assessment", "published", None, "một bên là tự đánh giá, một bên không"),
        (None, "published", None, "giai đoạn của một bên không được ghi"),
        ("published", "table", None, "giai đoạn của một bên không được ghi"),
        ("published", "published", "0" * 64, "chưa cài đúng bộ tiêu chí"),
        ("published", "appraisal", None, None),
    ],
)
def test_one_page_says_one_thing_of_the_same_two_figures(
    browser: Browser, stage: str | None, older: str, fingerprint: str | None, why: str | None, tmp_path: Path
) -> None:
    methodology = par.load("2023-province")
    evidence, path, out = tmp_path / "now.csv", tmp_path / "old.json", tmp_path / "x.html"
    evidence.write_text("unit,points:total\nHòa Bình,97.5\n", encoding="utf-8")
    units = [{"unit": "hoa-binh", "stated": {"items": {"total": "86.30"}}}]
    report = methodology.assess({"methodology": methodology.id, "stage": older, "units": units}).report()
    if fingerprint:
        report["methodology"]["fingerprint"] = fingerprint
    path.write_text(json.dumps(report), encoding="utf-8")
    assert page_command([evidence], methodology.id, out, [path], stage=stage, lang="vi") == 0
    compares = why is None
    league, bad = opened(browser, out, "#/")
    cells = league.locator("table.league tbody td").all_text_contents()
    assert ("+11,20" in cells) is compares and any(cell.startswith("≠") for cell in cells) is not compares
    league.goto(out.as_uri() + "#/years")
    cells = row(league, "Hòa Bình")
    assert ("+11,20" in cells) is compares and any(cell.startswith("≠") for cell in cells) is not compares
    if why is not None:
        assert why in league.get_by_role("region", name="Chỗ nào không so sánh được, vì sao?").inner_text()
    league.goto(out.as_uri() + "#/unit/hoa-binh")
    card = league.locator("section[aria-labelledby=h-years]").inner_text()
    assert ("+11,20" in card) is compares and ("≠" in card.replace("Dấu ≠", "")) is not compares
    assert why is None or why in card
    assert bad == []
    league.close()


def test_breaks_are_known_only_from_the_older_to_the_newer(old: dict[str, Path]) -> None:
    methodology = par.load("2023-province")
    assessment = methodology.assess(sixty.evidence(methodology, "final", 7, 0))
    with pytest.raises(par.ParError) as caught:
        compared([old["2022-province"], old["2021-province"]], assessment, methodology)
    assert [p.text("vi") for p in caught.value.problems] == [
        "2022-province.json: 2022-province có sau 2021-province — ghi báo cáo cũ nhất trước"
    ]


def test_a_break_holds_for_all_that_is_older(tmp_path: Path) -> None:
    newer, path = par.load("2025-province"), tmp_path / "old.json"
    assessment = newer.assess(sixty.evidence(newer, "appraisal", 5, 0))
    (broken,) = (entry.why.vi for entry in newer.document.breaks if entry.since == "2024-province")
    for id in ("2023-province", "2024-province"):
        older = par.load(id)
        path.write_text(json.dumps(older.assess(sixty.evidence(older, "appraisal", 4, 0)).report()), encoding="utf-8")
        edges = compared([path], assessment, newer)["history"]["ha-noi"]["stream:leaders"]["breaks"]
        assert broken in [reason["vi"] for reason in edges[0]], id


HOSTILE = '</script><img src=x onerror="document.title=1"><script>document.title=1</script>\u2028'


def test_text_of_an_older_report_stays_text(browser: Browser, old: dict[str, Path], tmp_path: Path) -> None:
    report = json.loads(old["2022-province"].read_text(encoding="utf-8"))
    report["methodology"] |= {"title": {"vi": HOSTILE, "en": HOSTILE}, "fingerprint": "0" * 64}
    report["evidence"]["stage"] = HOSTILE
    report["units"].append({**report["units"][0], "unit": "hostile", "name": HOSTILE})
    path, out = tmp_path / "old.json", tmp_path / "x.html"
    path.write_text(json.dumps(report), encoding="utf-8")
    assert (
        page_command([ROOT / "examples/provinces-2023.csv"], "2023-province", out, [path], stage=None, lang="vi") == 1
    )
    assert out.read_text(encoding="utf-8").count("<script") == 2
    page, bad = opened(browser, out, "#/years")
    assert HOSTILE.partition("\u2028")[0] in page.locator("main").inner_text()
    assert page.locator("main img, main script").count() == 0 and page.title() != "1" and bad == []
    page.close()
