"""A worker of its own kind: reads a pasted article, and has the words of all languages loaded for that."""

from __future__ import annotations

import socket
import time
from pathlib import Path

from kg.language import languages
from kg.model import Document
from kg.pages import Asked
from kg.pages.reading import respond
from kg.pipeline import load_extractor
from kg.server.snapshot import Snapshot
from kg.server.wire import Job, Reply
from kg.server.worker import Bounds, begin, work


class Nothing(Snapshot):
    """What a reader serves from: no store, so there is nothing to open or to take away."""

    def remove(self) -> None:
        """Nothing to do."""


NOTHING = Nothing(Path(), "", time.time())


def main(connection: socket.socket, _folder: Path, bounds: Bounds) -> None:
    """Load, bound itself, work."""
    extract = load_extractor().extract
    for lang in languages():
        extract(Document("", "1.", lang))  # loads what is loaded when it is first needed

    def read(job: Job) -> Reply:
        answer = respond(Asked(job.text, job.params, job.lang, job.method), extract)
        return Reply(answer.body, answer.status, answer.media_type, answer.headers)

    begin(bounds)
    work(connection, read, bounds)
