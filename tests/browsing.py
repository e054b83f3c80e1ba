"""Pages in a real browser, with everything that it complains about."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
needed = pytest.mark.skipif(not CHROMIUM.exists(), reason=f"needs Debian's chromium at {CHROMIUM}")


def opened(browser: Browser, path: Path, hash: str = "", width: int = 1280) -> tuple[Page, list[str]]:
    """A page, and the list of what the browser complains about and of every request beyond the file."""
    page = browser.new_page(viewport={"width": width, "height": 900})
    bad: list[str] = []
    page.on("console", lambda message: bad.append(message.text))
    page.on("pageerror", lambda error: bad.append(str(error)))
    page.on("request", lambda request: None if request.url.startswith("file:") else bad.append(request.url))
    page.goto(path.as_uri() + hash)
    return page, bad


COUNTING = """() => {
  const own = { createElement: document.createElement, createElementNS: document.createElementNS };
  window.made = 0;
  for (const [name, make] of Object.entries(own)) document[name] = (...words) => { window.made += 1; return make.apply(document, words); };
  window.paint = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  window.work = async (act) => { await paint(); const before = window.made; act(); return window.made - before; };
}"""
"""What makes a page count the elements that it makes: `work` those of one act, before anything is painted.

A click's time is that of the machine; that it makes few elements at once is what keeps it short on any.
"""


class Open:
    """A page that must not have been complained about when it is closed."""

    def __init__(self, browser: Browser, path: Path, hash: str = "", width: int = 1280) -> None:
        self.page, self.bad = opened(browser, path, hash, width)

    def __enter__(self) -> Page:
        return self.page

    def __exit__(self, kind: Any, *rest: Any) -> None:
        self.page.close()
        if kind is None:
            assert self.bad == []
