"""Debian's chromium against a real `kg serve`: a store of the seed articles and hostile texts, and what a page did."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path

from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright
from sample_article import DOCUMENT, EXTRACTION
from served import ROOT

from kg import rdf
from kg.model import Entity
from kg.store import open_graph

AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
VENDOR = ROOT / "kg" / "pages" / "static" / "vendor" / "THIRD-PARTY.txt"
HOSTILE = "<script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">\u202eevil\u202c"
LONG = "ا" * 10_000
WAIT = 20_000  # milliseconds for anything on a busy machine


def chromium() -> str | None:
    """The browser's program; None where there is none."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


def launch(playwright: Playwright) -> Browser:
    """The browser, without its sandbox where root runs the tests, as containers do."""
    program = chromium()
    assert program
    options = ["--no-sandbox"] if os.geteuid() == 0 else []
    return playwright.chromium.launch(executable_path=program, args=options)


def build(store: Path) -> Path:
    """The seed articles as `kg build` reads them, and an article whose names try to do harm."""
    command = [sys.executable, "-m", "kg", "build", "seeds/articles", "--store", str(store)]
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})
    names = {"e8": HOSTILE, "e9": LONG}
    entities = tuple(_renamed(entity, names) for entity in EXTRACTION.entities)
    document = replace(DOCUMENT, id="hostile", title=HOSTILE)
    with open_graph(store) as graph:
        graph.bulk(rdf.quads(replace(EXTRACTION, entities=entities, document=document)))
        graph.flush()
    return store


def _renamed(entity: Entity, names: dict[str, str]) -> Entity:
    return replace(entity, name=names.get(entity.id, entity.name))


@dataclass
class Visit:
    """One tab, and everything that went wrong or over the wire in it."""

    page: Page
    address: str
    wrong: list[str] = field(default_factory=list)
    bytes: int = 0

    def __post_init__(self) -> None:
        self.page.set_default_timeout(WAIT)
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.wrong.append(f"script: {error}"))
        session = self.page.context.new_cdp_session(self.page)
        session.send("Network.enable")
        session.on("Network.loadingFinished", self._loaded)

    def _console(self, message: ConsoleMessage) -> None:
        # A page that answers 400 or 404 says so on the console too; every other error or broken policy counts.
        if message.type == "error" and "status of 40" not in message.text:
            self.wrong.append(f"console: {message.text}")

    def _loaded(self, event: dict[str, float]) -> None:
        self.bytes += int(event["encodedDataLength"])

    def go(self, path: str) -> None:
        """Open a page of the server and wait until nothing is loading."""
        self.page.goto(self.address + path, wait_until="networkidle")

    @property
    def overflow(self) -> int:
        """Pixels by which the page is wider than the window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))

    def faults(self, *rules: str) -> list[str]:
        """What axe-core finds serious or critical."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
        only = {"runOnly": list(rules)} if rules else {}
        found = self.page.evaluate("(options) => axe.run(document, {resultTypes: ['violations'], ...options})", only)
        return [
            f"{one['id']}: {node['html'][:200]}"
            for one in found["violations"]
            if one["impact"] in ("serious", "critical")
            for node in one["nodes"]
        ]
