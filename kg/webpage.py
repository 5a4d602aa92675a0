"""The article of an HTML page: text, title, date and address, found by trafilatura.

Refuses to fetch anything; the page is given as bytes.
"""

from __future__ import annotations

import re
from typing import Any

from trafilatura import bare_extraction

from kg.errors import InputError
from kg.streams import decode

_CHARSET = re.compile(rb"<(?:meta|\?xml)[^>]*?(?:charset|encoding)\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]+)", re.IGNORECASE)
FEWEST = 5  # words; what is left of a page without an article is a link or a button
_HEAD = 4096  # browsers look for the charset in the first kilobyte; some pages put scripts before it


def article(page: bytes) -> dict[str, Any]:
    """The record `text, title, date, url, source`; InputError when the page has no article."""
    found = bare_extraction(
        _decoded(page),
        include_comments=False,
        with_metadata=True,
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    if found is None or isinstance(found, dict) or len((found.text or "").split()) < FEWEST:
        raise InputError("no article on this page; save its text as .txt")
    title = (found.title or "").strip()
    return {
        "text": re.sub(r"\n+", "\n\n", (found.text or "").removeprefix(title).strip()),
        "title": title,
        "date": found.date,
        "url": found.url,
        "source": found.sitename or found.hostname,
    }


def _decoded(page: bytes) -> str:
    """The page in the charset that it declares, else UTF-8; a wrong declaration is refused."""
    declared = _CHARSET.search(page[:_HEAD])
    charset = declared[1].decode().lower() if declared else "utf-8"
    if charset in ("utf-8", "utf8") or charset.startswith("utf-16"):  # read as ASCII so far, so not UTF-16
        return decode(page)
    try:
        return page.decode(charset)
    except LookupError as error:
        raise InputError(f"declares the unknown charset '{charset}'; save it as UTF-8") from error
    except UnicodeDecodeError as error:
        raise InputError(f"declares '{charset}' but is not in it; save it as UTF-8") from error
