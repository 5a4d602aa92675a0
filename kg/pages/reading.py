"""Paste an article, or send a file, and see its claims at once; nothing is stored.

Needs no store but the extractor, so the server calls `respond` in a worker that has it loaded.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date as Date

from kg.errors import InputError
from kg.identify import identify
from kg.language import languages
from kg.model import Document, Extraction
from kg.pages.answer import Answer, Asked
from kg.pages.template import html, phrase
from kg.views.reading import MAX_TEXT, document_in, document_of, reading_of

Extract = Callable[[Document], Extraction]


def respond(asked: Asked, extract: Extract) -> Answer:
    """The form; after POST with it what the text says.

    Fields: `text`, or `file` with its content; `text-lang`, empty where it is to be found out; `date` of publication.
    What is wrong with the text is said above the form, which keeps it (status 422).
    """
    form = {name: asked.params.get(name, "") for name in ("text", "text-lang", "date")}
    if asked.method != "POST":
        return Answer(html("read.html", asked, {"form": form, "wrong": "", "reading": None, "most": MAX_TEXT}))
    wrong, reading = "", None
    try:
        document = _document(form, asked)
        form["text"] = document.text
        reading = reading_of(extract(document))
    except InputError as error:
        wrong = str(error).removeprefix("pasted: ")
    values = {"form": form, "wrong": wrong, "reading": reading, "most": MAX_TEXT}
    return Answer(html("read.html", asked, values, "pasted"), 422 if wrong else 200)


def _document(form: dict[str, str], asked: Asked) -> Document:
    """The text or the file, or else an InputError in the language of the page."""
    file, lang, day = asked.params.get("file", ""), form["text-lang"], form["date"]
    if lang not in ("", *languages()):
        raise InputError(phrase(asked.lang, "read.no-language"))
    if day and not _is_day(day):
        raise InputError(phrase(asked.lang, "read.no-date"))
    if not (form["text"].strip() or file.strip()):
        raise InputError(phrase(asked.lang, "read.empty"))
    if file.strip():
        document = document_in(file.encode(), lang=lang, date=day)
    elif len(form["text"]) > MAX_TEXT:
        document = Document("", form["text"])
    elif not lang and identify(form["text"]) not in languages():
        raise InputError(phrase(asked.lang, "read.no-language"))
    else:
        document = document_of(form["text"].replace("\r\n", "\n"), lang=lang, date=day)
    if len(document.text) > MAX_TEXT:
        raise InputError(phrase(asked.lang, "read.too-long", count=len(document.text), most=f"{MAX_TEXT:,}"))
    return document


def _is_day(day: str) -> bool:
    try:
        return bool(re.fullmatch(r"\d{4}-\d\d-\d\d", day, re.ASCII) and Date.fromisoformat(day))
    except ValueError:
        return False
