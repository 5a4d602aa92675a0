"""Pictures of the explorer's pages and of a report, 1280 and 400 pixels wide, in Arabic and English, to be looked at.

    python benchmarks/screens.py pictures/

Builds a store of the seed articles in a temporary folder, serves it on loopback, and drives the chromium in the path.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT)]

from browser import Visit, chromium, launch
from served import serving

from kg.pages.answer import LANGUAGES
from kg.pages.report import article_report
from kg.rdf import article_iri
from kg.store import open_graph

SEED = "seed-article"
ARTICLE = article_iri(SEED).value.removeprefix("https://w3id.org/geopol")
PAGES = {
    "start": "/",
    "search": "/search?q=hmeimim",
    "entity": "/id/russia",
    "base": "/id/hmeimim-air-base",
    "neighbours": "/neighbours/syria?open=russia",
    "compare": "/compare?a=syria&b=russia",
    "questions": "/questions",
    "question": "/questions/bases?operator=russia",
    "map": "/questions/bases?view=map",
    "editor": "/editor?question=bases",
    "articles": "/articles",
    "article": ARTICLE,
    "claim": f"{ARTICLE}/c4",
    "read": "/read",
    "report": "",
}
SIZES = {1280: 900, 400: 860}  # width and height of the window, pixels


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", nargs="*", choices=PAGES, default=list(PAGES))
    parser.add_argument("--dark", action="store_true")
    chosen = parser.parse_args()
    if chromium() is None:
        print("no chromium in the path; mend it with: sudo apt-get install chromium", file=sys.stderr)
        return 1
    chosen.folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder:
        store = Path(folder) / "news.kg"
        build(store)
        photograph(store, Path(folder), chosen.folder, chosen.only, "dark" if chosen.dark else "light")
    return 0


def build(store: Path) -> None:
    """The seed articles as a reader would build them."""
    from click.testing import CliRunner

    from kg.commands import main as kg

    done = CliRunner().invoke(kg, ["build", str(ROOT / "seeds" / "articles"), "--store", str(store)])
    assert done.exit_code == 0, done.output


def photograph(store: Path, scratch: Path, target: Path, names: list[str], scheme: str) -> None:
    """Each page at each size in each language, whole."""
    with sync_playwright() as playwright, serving(store, "--workers", "2") as served:
        browser = launch(playwright)
        for width, height in SIZES.items():
            context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)  # type: ignore[arg-type]
            visit = Visit(context.new_page(), served.address)
            for lang in LANGUAGES:
                for name in names:
                    if name == "report":
                        visit.page.goto(report(store, scratch, lang).as_uri())
                    else:
                        visit.go(f"{PAGES[name]}{'&' if '?' in PAGES[name] else '?'}lang={lang}")
                    visit.page.screenshot(path=target / f"{name}-{lang}-{width}.png", full_page=True)
            print("\n".join(visit.wrong) or f"{width} pixels: nothing went wrong")
            context.close()
        browser.close()


def report(store: Path, scratch: Path, lang: str) -> Path:
    """The seed article as one file."""
    with open_graph(store, read_only=True) as graph:
        body = article_report(graph, article_iri(SEED).value, lang)
    assert body is not None
    page = scratch / f"report-{lang}.html"
    page.write_bytes(body)
    return page


if __name__ == "__main__":
    sys.exit(main())
