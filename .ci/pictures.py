"""Make the pictures of docs/pictures/ again: every view of a page at desktop and telephone size, from real input."""

from __future__ import annotations

import base64
import csv
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parents[1]
OUT = ROOT / "docs" / "pictures"
CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
SIZES = {"desktop": (1200, 860), "telephone": (390, 780)}
MOST, ALL = 60_000, 1_000_000  # bytes of a picture, and of all of them
PAGES = {
    "ministries": ["examples/ministries-2023.csv", "-m", "2023-ministry"],
    "province": ["examples/dien-bien-2021/evidence.json", "-m", "2021-province"],
    "town": ["examples/example-town.json", "-m", "example-town"],
    "years": [
        "examples/provinces-2023.csv",
        "-m",
        "2023-province",
        "--stage",
        "published",
        "--previous",
        "{2021}",
        "--previous",
        "{2022}",
    ],
}
# name, page, place in it, what is pressed, what is brought into view
VIEWS = [
    ("league", "ministries", "#/", None, None),
    ("profile", "ministries", "#/unit/bo-tu-phap", None, None),
    ("tree", "province", "#/unit/dien-bien", ".d0 > .row|.d1 > .row|.d2 > .row", "#tree"),
    ("lost", "province", "#/unit/dien-bien", None, None),
    ("common", "town", "#/items", None, None),
    ("years", "years", "#/years", None, None),
    ("method", "province", "#/about", None, None),
]
OLDER = ("2021", "2022")  # published figures of the same provinces, from what the plugins test


def par(*words: str) -> None:
    program = [sys.executable, "-c", "from par_engine.cli.main import run; run()", *words]
    done = subprocess.run(program, cwd=ROOT, capture_output=True, check=False)
    # 1: published figures may contradict themselves, and what is written says so
    if done.returncode not in (0, 1) or not Path(words[-1]).exists():
        raise SystemExit(done.stderr.decode())


def published(year: str, folder: Path) -> Path:
    """The report of what was published of a year about the units of the example."""
    with (ROOT / "examples/provinces-2023.csv").open(encoding="utf-8") as file:
        names = [row["unit"] for row in csv.DictReader(file)]
    with (ROOT / f"plugins/par-{year}/tests/published/provinces.csv").open(encoding="utf-8") as file:
        found = [row for row in csv.DictReader(file) if row["unit"] in names and row["points"]]
    keys = {row["figure"]: row["figure"] if ":" in row["figure"] else f"points:{row['figure']}" for row in found}
    evidence, report = folder / f"{year}.csv", folder / f"{year}.json"
    with evidence.open("w", encoding="utf-8", newline="") as file:
        file.write("# stage: published\n")
        rows = csv.DictWriter(file, ["unit", *keys.values()])
        rows.writeheader()
        for name in {row["unit"]: None for row in found}:
            rows.writerow({"unit": name, **{keys[r["figure"]]: r["points"] for r in found if r["unit"] == name}})
    par("score", str(evidence), "-m", f"{year}-province", "--format", "json", "-o", str(report))
    return report


def pages(folder: Path) -> dict[str, Path]:
    out = {}
    older = {year: str(published(year, folder)) for year in OLDER}
    for name, words in PAGES.items():
        out[name] = folder / f"{name}.html"
        par("page", *(older.get(word.strip("{}"), word) for word in words), "-o", str(out[name]))
    return out


def shoot(browser: Browser, file: Path, view: tuple[str, str, str, str | None, str | None], size: str) -> None:
    name, _, place, press, show = view
    width, height = SIZES[size]
    page = browser.new_page(viewport={"width": width, "height": height})
    page.goto(file.as_uri() + place)
    for selector in (press or "").split("|"):
        if selector:
            page.locator(selector).first.click()
    if show:
        page.locator(show).evaluate("e => window.scrollTo(0, e.getBoundingClientRect().top + scrollY - 70)")
    session = page.context.new_cdp_session(page)
    for quality in (70, 50, 30):
        found = session.send("Page.captureScreenshot", {"format": "webp", "quality": quality})
        data = base64.b64decode(found["data"])
        if len(data) <= MOST:
            break
    else:
        raise SystemExit(f"{name}-{size} is too large: {len(data)} bytes")
    (OUT / f"{name}-{size}.webp").write_bytes(data)
    print(f"{name}-{size}.webp: {len(data)} bytes")
    page.close()


def main() -> None:
    OUT.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        made = pages(Path(folder))
        for view in VIEWS:
            for size in SIZES:
                shoot(browser, made[view[1]], view, size)
        browser.close()
    total = sum(path.stat().st_size for path in OUT.iterdir())
    print(f"all: {total} bytes")
    if total > ALL:
        raise SystemExit("all pictures together are too large")


if __name__ == "__main__":
    main()
