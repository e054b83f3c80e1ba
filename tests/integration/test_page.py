"""The page in a real browser: what people press, read, print and hear, and what must never run in it."""

import json
import re
import shutil
import subprocess
from fractions import Fraction
from pathlib import Path

import pytest

pytest.importorskip("playwright")
pytest.importorskip("axe_playwright_python")

import browsing
import sixty
from axe_playwright_python.sync_playwright import Axe
from browsing import COUNTING, Open
from playwright.sync_api import Browser, Page

import par_engine as par
from par_engine.base.collation import sort_key
from par_engine.cli.publishing import page_command
from par_engine.publish.page import page

ROOT = Path(__file__).parents[2]
pytestmark = [pytest.mark.source, browsing.needed]
LIMIT = 3_000_000  # bytes a mail takes
MOST = 2_000  # elements that an act makes before the page is painted again


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    out = {}
    for name, id, evidence in (
        ("ministries", "2023-ministry", "ministries-2023.csv"),
        ("provinces", "2023-province", "provinces-2023.csv"),
        ("one", "2021-province", "dien-bien-2021/evidence.json"),
    ):
        out[name] = folder / f"{name}.html"
        out[name].write_bytes(page(par.load(id).assess(ROOT / "examples" / evidence)))
    methodology = par.load("2021-province")
    stages = []
    for stage, seed in (("self-assessment", 2), ("appraisal", 1)):
        stages.append(folder / f"{stage}.json")
        stages[-1].write_text(json.dumps(sixty.evidence(methodology, stage, seed)), encoding="utf-8")
    old = folder / "old.json"
    old.write_text(
        json.dumps(methodology.assess(sixty.evidence(methodology, "appraisal", 3)).report()), encoding="utf-8"
    )
    out["sixty"] = folder / "sixty.html"
    assert page_command(stages, methodology.id, out["sixty"], [old], stage=None, lang="vi") == 0
    return out


def names(page: Page) -> list[str]:
    return [text.strip() for text in page.locator("table.league tbody tr th a").all_inner_texts()]


def test_the_league_sorts_by_any_heading_and_says_so(browser: Browser, files: dict[str, Path]) -> None:
    assessment = par.load("2023-ministry").assess(ROOT / "examples/ministries-2023.csv")
    with Open(browser, files["ministries"]) as page:
        assert names(page) == [unit.name for unit in assessment.league()]
        heading = page.locator("th", has=page.get_by_role("button", name="Đơn vị"))
        heading.get_by_role("button").click()
        assert heading.get_attribute("aria-sort") == "ascending"
        assert names(page) == sorted((unit.name for unit in assessment.units), key=sort_key)
        heading.get_by_role("button").press("Enter")
        assert heading.get_attribute("aria-sort") == "descending"
        assert page.locator("[aria-sort]").count() == 1
        assert "giảm dần" in page.get_by_role("status").inner_text()
        survey = page.get_by_role("button", name="Điểm điều tra xã hội học")
        survey.click()
        best = max(assessment.units, key=lambda unit: unit.stream("survey").points or 0)
        assert names(page)[0] == best.name


def test_a_unit_is_found_without_its_accents(browser: Browser, files: dict[str, Path]) -> None:
    with Open(browser, files["sixty"]) as page:
        page.get_by_label("Tìm đơn vị").fill("dien bien")
        assert names(page) == ["Điện Biên"]
        page.get_by_label("Tìm đơn vị").fill("ĐẮK")
        assert sorted(names(page)) == ["Đắk Lắk", "Đắk Nông"]
        page.get_by_label("Tìm đơn vị").fill("<b>")
        assert names(page) == [] and "0 trên 63" in page.get_by_role("status").inner_text()
        page.get_by_label("Tìm đơn vị").fill("")
        page.get_by_label("Nhóm").select_option(label="Nhóm C")
        assert 0 < len(names(page)) < 63


def test_a_profile_unfolds_down_to_the_facts(browser: Browser, files: dict[str, Path]) -> None:
    assessment = par.load("2021-province").assess(ROOT / "examples/dien-bien-2021/evidence.json")
    with Open(browser, files["one"]) as page:
        assert page.locator("h1").inner_text() == "Điện Biên"  # one unit: nobody to compare with
        page.get_by_role("link", name="Bảng xếp hạng").click()
        page.get_by_role("link", name="Điện Biên").click()
        assert page.evaluate("document.activeElement.tagName") == "H1"
        for code in ("1", "1.1", "1.1.2"):
            button = page.locator("button.row", has=page.get_by_text(code, exact=True)).first
            assert button.get_attribute("aria-expanded") == "false"
            button.press("Enter")
            assert button.get_attribute("aria-expanded") == "true"
        data = assessment.explain("dien-bien", "1.1.2").data
        shown = page.locator("dl.why").last.inner_text()
        assert data["arithmetic"]["vi"] in shown and data["rule"]["words"]["vi"] in shown
        assert "số dựng lại, KHÔNG chính thức" in shown
        assert "373 nhiệm vụ" in page.locator("table.facts").last.inner_text()
        page.get_by_role("button", name="English").click()
        shown = page.locator("dl.why").last.inner_text()
        assert data["arithmetic"]["en"] in shown and "reconstructed, NOT official" in shown
        assert page.evaluate("document.documentElement.lang") == "en"


def test_every_figure_and_sentence_is_the_engine_s(browser: Browser, files: dict[str, Path]) -> None:
    methodology = par.load("2021-province")
    assessment = methodology.assess(sixty.evidence(methodology, "appraisal", 1))
    for unit in (assessment.league()[0], assessment.unit("dien-bien")):
        with Open(browser, files["sixty"], f"#/unit/{unit.id}") as page:
            page.get_by_role("button", name="Mở tất cả").click()
            page.locator("ul.tree[aria-busy]").wait_for(state="detached")
            rows = page.evaluate(
                "[...document.querySelectorAll('.row')].map((r) => [r.querySelector('.code').textContent,"
                "(r.querySelector('.pts b') || {}).textContent || null])"
            )
            assert [code for code, _ in rows] == [figure.code for figure in unit.items]
            for code, points in rows:
                wanted = unit.item(code).points
                assert (points is None) == (wanted is None)
                assert wanted is None or Fraction(points.replace(",", ".")) == Fraction(wanted)
            sentences = page.evaluate("[...document.querySelectorAll('dl.why code')].map((c) => c.textContent)")
            leaves = [code for code in methodology.scheme.items if code in methodology.scheme.position]
            data = [assessment.explain(unit.id, code).data for code in leaves]
            assert sentences == [d["arithmetic"]["vi"] for d in data if "arithmetic" in d]


def test_a_click_makes_few_elements_at_once(browser: Browser, files: dict[str, Path]) -> None:
    assert files["sixty"].stat().st_size < LIMIT
    with Open(browser, files["sixty"]) as page:
        page.evaluate(COUNTING)
        made = page.evaluate(
            """async () => {
              const out = {}, time = async (what, act) => { out[what] = await work(act); };
              const type = (text) => { const box = document.getElementById('find'); box.value = text; box.dispatchEvent(new Event('input')); };
              await time('sort', () => document.querySelectorAll('table.league thead button')[1].click());
              await time('search', () => type('dien'));
              await time('back', () => type(''));
              location.hash = '#/unit/dien-bien'; await paint(); await paint();
              for (let i = 0; i < 8; i += 1) await time('field ' + i, () => document.querySelectorAll('.d0 > .row')[i].click());
              await time('criterion', () => document.querySelector('.d1 > .row').click());
              await time('leaf', () => document.querySelector('.d2 > .row').click());
              const whole = window.made;
              await time('open all', () => document.getElementById('open-all').click());
              while (document.querySelector('[aria-busy]')) await paint();
              out.opened = window.made - whole;
              await time('language', () => document.querySelector('button[lang="en"], [data-lang="en"]').click());
              while (document.querySelector('[aria-busy]')) await paint();
              out.unfolded = document.querySelectorAll('.row[aria-expanded="true"]').length;
              await time('close', () => document.getElementById('close-all').click());
              return out;
            }"""
        )
    assert made.pop("unfolded") > 100  # what was unfolded is so in the other language too
    assert made.pop("opened") > 3 * MOST  # the whole tree is too much for one piece
    assert max(made.values()) < MOST, made


@pytest.mark.parametrize("name", ["ministries", "provinces", "one", "sixty"])
@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_hinders_a_screen_reader(browser: Browser, files: dict[str, Path], name: str, width: int) -> None:
    with Open(browser, files[name], width=width) as page:
        for number, tab in enumerate(page.locator("#nav a").all()):
            tab.click()
            if number == 1:
                page.locator(".row").first.click()
            found = Axe().run(page)
            assert found.response["violations"] == [], found.generate_report()
            wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wider <= 0


def test_the_first_line_says_what_is_reconstructed(browser: Browser, files: dict[str, Path]) -> None:
    with Open(browser, files["one"], "#/") as page:
        first = page.locator("#first").inner_text()
        assert first.startswith(
            "Chỉ số cải cách hành chính năm 2021 của các tỉnh, thành phố trực thuộc trung ương: 89,25 trên 100 điểm dựa vào số dựng lại, không chính thức."
        )
        page.get_by_role("button", name="English").click()
        assert (
            page.locator("#first")
            .inner_text()
            .startswith(
                "PAR INDEX 2021 of provinces and centrally run cities: 89.25 of 100 points rest on reconstructed numbers, not official ones."
            )
        )
        assert page.locator(".key .warn").count() == 7


def test_a_contradiction_is_said_where_places_are(browser: Browser, files: dict[str, Path]) -> None:
    said = "Hòa Bình: tổng điểm ghi 86,89, các phần cộng lại là 87,89"
    for hash in ("#/", "#/unit/hoa-binh", "#/unit/kon-tum"):
        with Open(browser, files["provinces"], hash) as page:
            shown = page.locator("div.caution").inner_text()
            assert shown.startswith("Số liệu có 1 chỗ mâu thuẫn") and said in shown
    with Open(browser, files["ministries"]) as page:
        assert page.locator("div.caution").count() == 0


def test_places_among_peers_count_those_that_have_more(browser: Browser, files: dict[str, Path]) -> None:
    methodology = par.load("2021-province")
    assessment = methodology.assess(sixty.evidence(methodology, "appraisal", 1))
    unit = assessment.unit("dien-bien")
    fields = [item.code for item in methodology.document.items if item.parent is None]
    wanted = []
    for code in fields:
        found = [u.item(code) for u in assessment.units if u.rank is not None]
        shares = [Fraction(f.points) / Fraction(f.attainable) for f in found if f.points is not None and f.attainable]
        mine = unit.item(code)
        assert mine.points is not None and mine.attainable
        above = sum(share > Fraction(mine.points) / Fraction(mine.attainable) for share in shares)
        wanted.append(f"thứ {above + 1} trên {len(shares)}")
    with Open(browser, files["sixty"], "#/unit/dien-bien") as page:
        assert page.locator(".chart.peers .num").all_inner_texts()[1:] == wanted


def test_all_common_items_are_printed(browser: Browser, files: dict[str, Path], tmp_path: Path) -> None:
    with Open(browser, files["sixty"], "#/items") as page:
        rows = page.locator("table.common tbody tr")
        page.evaluate(
            "addEventListener('beforeprint', () => { window.printing = document.querySelector('main').innerText; })"
        )
        pdf = page.pdf(path=tmp_path / "common.pdf", format="A4")
        printed = page.evaluate("window.printing")
        assert "Xem đủ" not in printed and sum(code in printed for code in ("1.1.1", "8.1")) == 2
        if shutil.which("pdftotext"):
            words = ["pdftotext", "-layout", tmp_path / "common.pdf", "-"]
            shown = subprocess.run(words, capture_output=True, check=True, encoding="utf-8").stdout
            assert "Xem đủ" not in shown and len(re.findall(r"^ *\d(?:\.\d+)+\. ", shown, re.MULTILINE)) == 112
        assert pdf.startswith(b"%PDF") and rows.count() == 25  # and folded again


def test_documents_of_an_item_with_parts_are_shown(browser: Browser, tmp_path: Path) -> None:
    methodology = par.load("2021-province")
    content = json.loads((ROOT / "examples/dien-bien-2021/evidence.json").read_text(encoding="utf-8"))
    content["units"][0]["documents"]["1.1"] = [{"number": "77/QĐ-UBND", "date": "2021-03-02"}]
    path = tmp_path / "page.html"
    path.write_bytes(page(methodology.assess(content)))
    with Open(browser, path, "#/unit/dien-bien") as shown:
        for code in ("1", "1.1"):
            shown.locator("button.row", has=shown.get_by_text(code, exact=True)).first.click()
        assert "77/QĐ-UBND, ngày 02/03/2021" in shown.locator("dl.why").first.inner_text()
        found = Axe().run(shown)
        assert found.response["violations"] == [], found.generate_report()


def test_what_a_unit_explains_is_shown_where_the_figure_is(browser: Browser, tmp_path: Path) -> None:
    evidence = json.loads((ROOT / "examples/dien-bien-2021/evidence.json").read_bytes())
    evidence["units"][0]["explanations"] = {"1.3.2": "Còn <b>7</b> vấn đề.", "1.3": "Xem từng mục."}
    path = tmp_path / "page.html"
    path.write_bytes(page(par.load("2021-province").assess(evidence)))
    with Open(browser, path, "#/unit/dien-bien") as shown:
        shown.click("#open-all")
        told = shown.locator("dl.why", has_text="Giải trình").all_inner_texts()
        assert len(told) == 2
        assert "Xem từng mục." in told[0] and "Còn <b>7</b> vấn đề." in told[1]
        assert shown.locator("td", has_text="626.611 tỷ đồng").count() == 1  # grouped as the explanation groups it


def test_it_prints(browser: Browser, files: dict[str, Path], tmp_path: Path) -> None:
    with Open(browser, files["sixty"]) as page:
        # a page of paper so low that 63 rows cannot stand on one, whatever the font
        pdf = page.pdf(path=tmp_path / "league.pdf", width="21cm", height="12cm", print_background=True)
        assert pdf.startswith(b"%PDF") and len(re.findall(rb"/Type\s*/Page\b", pdf)) >= 2
        if shutil.which("pdftotext"):
            words = ["pdftotext", "-layout", tmp_path / "league.pdf", "-"]
            shown = subprocess.run(words, capture_output=True, check=True, encoding="utf-8").stdout
            league = [text for text in shown.split("\f") if re.search(r"^ *\d+ +\S.* Nhóm [ABC] ", text, re.MULTILINE)]
            assert len(league) >= 2  # the head stands on each of its pages
            assert all(re.search(r"Hạng +Đơn vị", text) for text in league)
        page.emulate_media(media="print")
        assert not page.locator("#nav").is_visible() and page.locator("#first").is_visible()


HOSTILE = '</script><script>document.title="run"</script><img src=x onerror="document.title=1">\u2028&amp;=1+1'


def test_text_from_outside_stays_text(browser: Browser, tmp_path: Path) -> None:
    methodology = par.load("leed-bdc-v4")
    leaf = methodology.scheme.leaves[0]
    documents = {leaf.code: [{"number": HOSTILE, "title": HOSTILE, "link": "javascript:alert(1)"}]}
    units = [
        {"unit": HOSTILE.replace("\u2028", ""), "facts": {}, "documents": documents},
        {"unit": "plain", "facts": {}},
    ]
    evidence = {"methodology": methodology.id, "stage": HOSTILE, "note": HOSTILE, "units": units}
    path = tmp_path / "hostile.html"
    path.write_bytes(page(methodology.assess(evidence)))
    text = path.read_text(encoding="utf-8")
    assert text.count("<script") == 2 and "<img" not in text and "\u2028" not in text
    with Open(browser, path) as shown:
        for tab in shown.locator("#nav a").all():
            tab.click()
            assert shown.title() != "run"
        shown.goto(path.as_uri() + "#/unit/" + "%3C%2Fscript%3E")
        assert shown.locator("img, iframe, main script, a[href^=javascript]").count() == 0
        assert shown.evaluate("document.getElementById('data').textContent.includes('<')") is False
    with Open(browser, path) as shown:
        refused: list[str] = []
        shown.on("console", lambda message: refused.append(message.text))
    page_ = browser.new_page()
    page_.goto(path.as_uri())
    page_.evaluate(
        "() => { const s = document.createElement('script'); s.textContent = 'document.title = \"run\"'; document.body.append(s); }"
    )
    assert page_.title() != "run"  # the policy knows one script only
    page_.close()


def test_the_same_assessment_makes_the_same_bytes(files: dict[str, Path]) -> None:
    assessment = par.load("2023-ministry").assess(ROOT / "examples/ministries-2023.csv")
    assert page(assessment) == files["ministries"].read_bytes()


def test_a_reader_without_script_sees_the_league(browser: Browser, files: dict[str, Path]) -> None:
    context = browser.new_context(java_script_enabled=False)
    shown = context.new_page()
    shown.goto(files["ministries"].as_uri())
    assert shown.locator("noscript table tr, table tr").count() == 18
    context.close()
