"""One article out of a record `id, lang, date, title, text, url, source`; other keys are ignored.

Refuses, with a sentence, whatever would make offsets or output wrong: no text, NUL and the like.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping
from datetime import date as Date
from typing import Any

from kg.errors import InputError
from kg.identify import identify
from kg.language import languages
from kg.model import Document

log = logging.getLogger(__name__)

MAX_TEXT = 2_000_000  # code points of one article: a long book; long news articles have 100,000
MAX_NAME = 300  # a longer first line is no headline, a longer id no id
TOO_LONG = f"longer than {MAX_TEXT:,} characters; split it into articles"


def document(record: Mapping[str, Any], name: str, where: str) -> Document:
    """The document of one record, called `name` without an id; InputError says what is wrong."""
    title, body = _words(record, "title").strip(), _words(record, "text")
    if not body.strip():
        raise InputError("the 'text' is empty; put the article there" if "text" in record else _NO_TEXT)
    text = f"{title}\n\n{body}" if title and not body.lstrip().startswith(title) else body
    if len(text) > MAX_TEXT:
        raise InputError(TOO_LONG)
    if "\0" in text:
        raise InputError("holds NUL characters, so it is no text; take them out")
    return Document(
        id=_id(record) or name,
        text=text,
        lang=_language(record, text),
        title=title,
        date=_date(record, where),
        url=_words(record, "url") or None,
        source=_words(record, "source") or None,
    )


_NO_TEXT = "no 'text'; an article is an object with at least that key"


def _words(record: Mapping[str, Any], key: str) -> str:
    value = record.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise InputError(f"'{key}' is {json.dumps(value)[:40]}, which is no text; put it in quotation marks")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise InputError(f"'{key}' holds half a character (a lone surrogate); save it as UTF-8") from error
    return value


def _id(record: Mapping[str, Any]) -> str:
    value = record.get("id")
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    value = _words(record, "id").strip()
    if "\0" in value or len(value) > MAX_NAME:
        raise InputError("the id holds NUL characters or is too long; give a shorter one")
    return value


def _language(record: Mapping[str, Any], text: str) -> str:
    """The language that the article declares or else is written in; InputError unless supported."""
    declared = re.split("[-_]", _words(record, "lang").strip().lower())[0]
    lang = declared or identify(text)
    if lang not in languages():
        said = f"the language '{lang}' is not supported" if lang else "no words in a language that is known here"
        raise InputError(f"{said}; articles may be in {' or '.join(languages())}")
    return lang


def _date(record: Mapping[str, Any], where: str) -> str | None:
    """The date of publication, YYYY, YYYY-MM or YYYY-MM-DD; another is dropped with a warning."""
    value = record.get("date")
    if value is None or value == "":
        return None
    found = re.fullmatch(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ].*)?)?)?", str(value).strip())
    try:
        year, month, day = (int(part) if part else 1 for part in found.groups()) if found else (0, 0, 0)
        Date(year, month, day)
    except ValueError:
        log.warning("%s: the date %r is not YYYY-MM-DD; the article is read without a date", where, value)
        return None
    return "-".join(part for part in found.groups() if part) if found else None
