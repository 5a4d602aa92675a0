"""The explorer in a real browser: walks, languages, narrow screens, keyboard, contrast, hostile names.

Skipped only where there is no chromium; `make test` installs it on Debian where it may.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import AXE, HOSTILE, VENDOR, Visit, build, chromium, launch
from playwright.sync_api import Browser, expect, sync_playwright
from served import Served, serving

from kg.pages.answer import LANGUAGES
from kg.queries import ask
from kg.rdf import article_iri
from kg.store import Rows, open_graph, text

pytestmark = pytest.mark.skipif(
    chromium() is None, reason="no chromium in the path; mend it with: sudo apt-get install chromium"
)
BUDGET = 600_000  # bytes of a page with all that it loads
HOSTILE_ARTICLE = article_iri("hostile").value.removeprefix("https://w3id.org/geopol")
SOME_CLAIM = """SELECT ?c { ?c a gp:Claim ; rdf:subject id:hmeimim-air-base ; rdf:predicate gp:operator }
ORDER BY ?c LIMIT 1"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("browser") / "news.kg")


@pytest.fixture(scope="module")
def claim(store: Path) -> str:
    """The path of a claim about a base."""
    with open_graph(store, read_only=True) as graph:
        found = ask(graph, SOME_CLAIM)
        assert isinstance(found, Rows)
        return text(next(found.rows)[0]).removeprefix("https://w3id.org/geopol")


@pytest.fixture(scope="module")
def server(store: Path) -> Iterator[Served]:
    assert VENDOR.exists(), "the pages' libraries are missing; `make web` builds them"
    assert AXE.exists(), "axe-core is missing; `make web` fetches it"
    with serving(store, "--workers", "2") as served:
        yield served


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = launch(playwright)
        yield opened
        opened.close()


@pytest.fixture
def visit(browser: Browser, server: Served) -> Iterator[Visit]:
    """A new tab of a new reader, who reads English; nothing may have gone wrong in it at the end."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    opened = Visit(context.new_page(), server.address)
    yield opened
    context.close()
    assert opened.wrong == []


PATHS = (
    "/",
    "/id/russia",
    "/id/hmeimim-air-base",
    "/neighbours/syria?open=russia",
    "/compare?a=syria&b=russia",
    "/search?q=hmeimim",
    "/questions",
    "/questions/bases?operator=russia",
    "/questions/claims?entity=russia&view=graph",
    "/questions/bases?view=map",
    "/questions/contradictions",
    "/questions/leaders?office=nothing",
    "/editor",
    "/editor?query=SELECT+%2A+%7B%3Fs+%3Fp+%3Fo%7D+LIMIT+5",
    "/editor?query=SELECT+%2A+%7B%3Fs+%3Fp",
    "/articles",
    HOSTILE_ARTICLE,
    f"{HOSTILE_ARTICLE}/c10",
    "/no/such/page",
)


@pytest.mark.parametrize("path", PATHS)
def test_a_page_is_readable_for_everybody(visit: Visit, path: str) -> None:
    """No fault that axe-core calls serious, in both languages, light and dark; no sideways scroll; small."""
    for lang in LANGUAGES:
        visit.bytes = 0
        visit.page.emulate_media(color_scheme="light")
        visit.page.set_viewport_size({"width": 1280, "height": 900})
        visit.go(f"{path}{'&' if '?' in path else '?'}lang={lang}")
        assert visit.page.title() != "taken"
        assert visit.page.get_attribute("html", "lang") == lang
        assert visit.page.get_attribute("html", "dir") == {"ar": "rtl", "en": "ltr"}[lang]
        assert visit.page.locator("h1").count() == 1
        assert visit.bytes < BUDGET
        assert visit.faults() == []
        visit.page.emulate_media(color_scheme="dark")
        assert visit.faults("color-contrast") == []
        visit.page.set_viewport_size({"width": 400, "height": 900})
        assert visit.overflow <= 0


def test_the_language_is_switched_by_one_click_and_kept(visit: Visit) -> None:
    visit.go("/questions")
    visit.page.get_by_role("link", name="العربية").click()
    expect(visit.page.get_by_role("heading", level=1)).to_have_text("الأسئلة")
    visit.go("/editor")
    assert visit.page.get_attribute("html", "dir") == "rtl"


def test_the_language_is_first_what_the_browser_asks_for(browser: Browser, server: Served) -> None:
    context = browser.new_context(locale="ar-SY")
    visit = Visit(context.new_page(), server.address)
    visit.go("/")
    assert visit.page.get_attribute("html", "lang") == "ar"
    context.close()
    assert visit.wrong == []


def test_a_newcomer_finds_russias_bases_in_syria_who_says_so_and_the_sentence(visit: Visit) -> None:
    """Three clicks from the start page: the questions, the one about bases, and the claim behind a row."""
    visit.go("/")
    visit.page.get_by_role("navigation", name="Main").get_by_role("link", name="Questions").click()
    visit.page.get_by_role("link", name="Which military bases stand where").click()
    row = visit.page.get_by_role("row").filter(has_text="Hmeimim").filter(has_text="Syria").first
    expect(row).to_contain_text("Russia")
    expect(row).to_contain_text("the article’s own voice")
    expect(row.locator("q")).to_contain_text("حميميم")
    row.locator("a.cid").click()
    expect(visit.page.locator(".sentence")).to_contain_text("حميميم")


def test_a_newcomer_finds_the_same_from_an_answer_on_the_start_page(visit: Visit) -> None:
    visit.go("/")
    expect(visit.page.locator("main")).to_contain_text("Which bases does Russia run in Syria, and who says so?")
    visit.page.locator(".ans").get_by_role("link", name="Hmeimim Air Base").click()
    said = visit.page.locator("#operator-subject")
    expect(said).to_contain_text("the article’s own voice")
    expect(said.locator("q").first).to_contain_text("حميميم")


def test_a_name_is_suggested_as_one_types_and_chosen_by_the_keyboard(visit: Visit) -> None:
    visit.go("/questions")
    visit.page.get_by_role("combobox", name="Search").press_sequentially("khmeim")
    options = visit.page.get_by_role("listbox", name="Suggestions").get_by_role("option")
    expect(options.first).to_contain_text("Hmeimim Air Base")
    visit.page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    assert visit.faults() == []
    visit.page.keyboard.press("Escape")
    expect(options).to_have_count(0)
    visit.page.keyboard.type("i")
    expect(options.first).to_contain_text("Hmeimim Air Base")
    visit.page.keyboard.press("ArrowDown")
    visit.page.keyboard.press("Enter")
    expect(visit.page.get_by_role("heading", level=1)).to_have_text("Hmeimim Air Base")
    expect(visit.page.locator("svg.map")).to_contain_text("Syria")


def test_a_question_is_asked_by_its_form_and_seen_as_table_graph_and_map(visit: Visit) -> None:
    visit.go("/questions/bases")
    visit.page.get_by_label("only bases that this state or organization runs").fill("روسيا")
    visit.page.get_by_role("button", name="Ask").click()
    expect(visit.page.get_by_role("table")).to_contain_text("Hmeimim")
    visit.page.get_by_role("link", name="Graph", exact=True).click()
    expect(visit.page.locator("svg.net")).to_contain_text("Hmeimim")
    visit.page.get_by_role("link", name="Map", exact=True).click()
    expect(visit.page.locator("svg.map")).to_contain_text("35.401°N 35.949°E")
    expect(visit.page.locator("svg.map")).to_contain_text("Cyprus")
    with visit.page.expect_download() as download:
        visit.page.get_by_role("link", name="CSV").click()
    assert "Hmeimim Air Base" in Path(download.value.path()).read_text(encoding="utf-8")


def test_the_map_names_countries_in_the_language_of_the_page(visit: Visit) -> None:
    visit.go("/questions/bases?view=map&operator=russia&lang=ar")
    expect(visit.page.locator("svg.map")).to_contain_text("سوريا")


def test_a_query_is_written_with_completion_and_run_by_a_key(visit: Visit) -> None:
    visit.go("/editor")
    visit.page.locator(".cm-content").click()
    visit.page.keyboard.press("Control+A")
    visit.page.keyboard.type("SELECT ?who { ?claim gp:attrib")
    expect(visit.page.locator(".cm-tooltip-autocomplete")).to_contain_text("gp:attributedTo")
    visit.page.keyboard.press("ArrowDown")
    visit.page.locator(".cm-tooltip-autocomplete li").filter(has_text="gp:attributedTo").first.click()
    visit.page.keyboard.type(" ?who }")
    visit.page.keyboard.press("Control+Enter")
    expect(visit.page.get_by_role("table")).to_contain_text("Ahmed al-Sharaa")


def test_a_mistake_is_shown_at_its_line_until_it_is_mended(visit: Visit) -> None:
    visit.go("/editor?lang=ar")
    visit.page.locator(".cm-content").click()
    visit.page.keyboard.press("Control+A")
    visit.page.keyboard.insert_text("SELECT ?a {\n?a gp:actor ?b\n?b gp:actor ?c .\n}")
    visit.page.keyboard.press("Control+Enter")
    expect(visit.page.get_by_role("alert")).to_contain_text("السطر 3")
    expect(visit.page.locator(".cm-line.bad")).to_have_text("?b gp:actor ?c .")
    assert visit.page.locator(".editor").evaluate("one => getComputedStyle(one).direction") == "ltr"
    visit.page.keyboard.type(" ")
    expect(visit.page.locator(".cm-line.bad")).to_have_count(0)


def test_the_keyboard_alone_reaches_and_leaves_everything(visit: Visit) -> None:
    visit.go("/editor")
    visit.page.keyboard.press("Tab")
    expect(visit.page.locator(".skip")).to_be_focused()
    visit.page.keyboard.press("Enter")
    visit.page.locator(".cm-content").focus()
    visit.page.keyboard.press("Escape")
    visit.page.keyboard.press("Tab")
    expect(visit.page.get_by_role("button", name=re.compile("Run"))).to_be_focused()
    visit.page.keyboard.press("Enter")
    expect(visit.page.get_by_role("table")).to_contain_text("ev:extradite")


def test_the_editor_is_a_plain_form_without_a_script(browser: Browser, server: Served) -> None:
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto(f"{server.address}/editor")
    page.get_by_label("Your query, in SPARQL").fill("SELECT ?a {\n?a gp:actor ?b")
    page.get_by_role("button", name=re.compile("Run")).click()
    expect(page.get_by_role("alert")).to_contain_text("Line 2")
    page.get_by_label("Your query, in SPARQL").fill("SELECT ?a { ?a gp:actor id:russia } LIMIT 3")
    page.get_by_role("button", name=re.compile("Run")).click()
    expect(page.get_by_role("row")).to_have_count(4)
    context.close()


def test_a_claim_leads_to_its_article(visit: Visit, claim: str) -> None:
    visit.go(claim)
    expect(visit.page.locator(".sentence")).to_be_visible()
    visit.page.locator("main .by .t a, main a[href^='/article/']").first.click()
    expect(visit.page.locator(".text")).to_be_visible()


def test_a_hostile_name_is_text_and_nothing_else(visit: Visit) -> None:
    visit.go(HOSTILE_ARTICLE)
    assert visit.page.title() != "taken"
    assert visit.page.locator("main script, main img").count() == 0
    assert HOSTILE[:30] in visit.page.locator("main").inner_text()


def test_a_page_is_printed_without_what_cannot_be_clicked(visit: Visit) -> None:
    visit.go("/questions/bases")
    visit.page.emulate_media(media="print")
    expect(visit.page.locator("header.bar")).to_be_hidden()
    expect(visit.page.get_by_role("table")).to_be_visible()
