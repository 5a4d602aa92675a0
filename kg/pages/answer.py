"""What is asked of a page, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

HTML = "text/html; charset=utf-8"
JSON = "application/json"
LANGUAGES = ("en", "ar")


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: the decoded path, its parameters (of the address or of a form), and the language of the page."""

    path: str
    params: Mapping[str, str] = field(default_factory=dict)
    lang: str = "en"  # one of LANGUAGES
    method: str = "GET"


@dataclass(frozen=True, slots=True)
class Answer:
    """One response, ready to be sent; the server adds the headers that are the same for all."""

    body: bytes
    status: int = 200
    media_type: str = HTML
    headers: Mapping[str, str] = field(default_factory=dict)
