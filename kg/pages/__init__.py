"""The explorer's pages: what the graph holds, as HTML in Arabic and English.

`respond` is a pure function of the graph and what is asked; the server calls it in a worker process.
The paths are those of our IRIs: `/id/russia` shows https://w3id.org/geopol/id/russia.
"""

from __future__ import annotations

from kg.pages.answer import Answer, Asked
from kg.pages.routes import respond

__all__ = ["Answer", "Asked", "respond"]
