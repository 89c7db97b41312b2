"""How mails look in a real browser: wide, narrow, dark. Skipped where there is no Chromium."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC
from typing import Any

import pytest

from monitor.model.alert import AlertKind, Story
from tests.unit.alerts.samples import (
    ALSO,
    ARTICLE,
    FOLLOW_UP,
    LEAD,
    RENDERER,
    STORY,
    alert,
    digest,
    headline,
    rendered,
)
from tests.unit.alerts.test_notice import LINE, notice
from tests.unit.alerts.test_spike_words import SILENCE, SPIKE
from tests.unit.alerts.test_spike_words import alert as spikes

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

LONG = "Donaudampfschifffahrtsgesellschaft" * 12
LONG_URL = "https://news.example/" + "x" * 900
LONG_STORY = replace(
    STORY,
    lead=replace(LEAD, article=replace(ARTICLE, title=LONG, text=LONG, source=LONG, url=LONG_URL)),
    others=(headline(1, title=LONG, source=LONG), headline(2, title=LONG_URL)),
)
PAGES = {
    "alert": rendered(alert()).html,
    "follow-up": rendered(FOLLOW_UP).html,
    "digest": rendered(digest(STORY, Story(id=43, lead=ALSO), headlines=(headline(3),))).html,
    "burst": rendered(
        digest(STORY, kind=AlertKind.BURST, occasion="38 stories in 10 minutes")
    ).html,
    "notice": rendered(notice(LINE, LINE)).html,
    "spike": RENDERER.render(spikes(SPIKE, SILENCE), UTC).html,
    "long alert": rendered(replace(FOLLOW_UP, story=LONG_STORY, occasion=LONG)).html,
    "long digest": rendered(digest(LONG_STORY, headlines=LONG_STORY.others, occasion=LONG)).html,
    "Arabic": rendered(
        alert(title="زيلينسكي يطالب بضمانات", text="قال زيلينسكي.", language="ar")
    ).html,
}
SCREENS = {"wide": (800, "light"), "narrow": (360, "light"), "dark": (800, "dark")}
CASES = [
    pytest.param(page, screen, id=f"{page}, {screen}") for page in PAGES for screen in SCREENS
]
# Every visible text with its colour and what is painted behind it.
COLOURS = """() => {
  const rgb = text => text.match(/[\\d.]+/g).map(Number);
  const behind = element => {
    for (let at = element; at; at = at.parentElement) {
      const colour = rgb(getComputedStyle(at).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const found = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; node = walk.nextNode();) {
    const element = node.parentElement;
    if (!node.data.trim() || !element.getClientRects().length) continue;
    found.push([node.data.trim(), rgb(getComputedStyle(element).color), behind(element)]);
  }
  return found;
}"""
# Elements that stand out of the window, and how far the page can be scrolled sideways.
OUTSIDE = """() => [...document.body.querySelectorAll('*')].filter(element => {
  const box = element.getBoundingClientRect();
  return box.width && (box.left < 0 || box.right > innerWidth + .5);
}).map(element => element.className || element.tagName).concat(
  document.documentElement.scrollWidth > innerWidth ? ['page'] : [])"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as engine:
        own = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)
        try:
            started = engine.chromium.launch(executable_path=own, args=["--no-sandbox"])
        except playwright.Error as error:
            pytest.skip(f"there is no Chromium: {str(error).splitlines()[0]}")
        yield started
        started.close()


def opened(browser: Any, html: str, screen: str) -> Any:  # noqa: ANN401 - no types without it
    width, scheme = SCREENS[screen]
    page = browser.new_page(
        viewport={"width": width, "height": 600}, color_scheme=scheme, java_script_enabled=True
    )
    page.set_content(html)
    return page


def luminance(colour: list[float]) -> float:
    """Relative luminance as WCAG 2 defines it."""
    parts = [each / 255 for each in colour[:3]]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: list[float], other: list[float]) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("name", "screen"), CASES)
def test_nothing_stands_out_of_the_window(browser: Any, name: str, screen: str) -> None:  # noqa: ANN401
    page = opened(browser, PAGES[name], screen)
    assert page.evaluate(OUTSIDE) == []
    page.close()


@pytest.mark.parametrize(("name", "screen"), CASES)
def test_all_text_can_be_read(browser: Any, name: str, screen: str) -> None:  # noqa: ANN401
    page = opened(browser, PAGES[name], screen)
    texts = page.evaluate(COLOURS)
    assert len(texts) >= 6
    assert [text for text, colour, behind in texts if contrast(colour, behind) < 4.5] == []
    page.close()


@pytest.mark.parametrize("name", ["follow-up", "digest", "notice"])
def test_dark_is_dark(browser: Any, name: str) -> None:  # noqa: ANN401
    page = opened(browser, PAGES[name], "dark")
    assert all(luminance(behind) < 0.25 for _, _, behind in page.evaluate(COLOURS))
    page.close()


@pytest.mark.parametrize("name", PAGES)
def test_without_the_style_sheet_it_looks_the_same(browser: Any, name: str) -> None:  # noqa: ANN401
    before, rest = PAGES[name].split("<style>")
    bare = before + rest.split("</style>")[1]
    pictures = []
    for html in (PAGES[name], bare):
        page = opened(browser, html, "wide")
        pictures.append(page.screenshot(full_page=True))
        page.close()
    assert pictures[0] == pictures[1]
