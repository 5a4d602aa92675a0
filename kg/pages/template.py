"""Jinja with our words, numbers and dates in the language of the page.

Everything that a template prints is escaped; words of the page stand in `words/<lang>/`, with
the same keys in every language and the plural forms of CLDR where a number is told.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from kg.errors import DataError
from kg.model import Claim
from kg.ontology import ontology
from kg.pages.answer import LANGUAGES, Asked
from kg.pages.wording import type_word
from kg.rdf import shorten
from kg.resources import read_yaml
from kg.stored import StoredClaim, local
from kg.terminal import clean

HERE = Path(__file__).parent
BASE = "https://w3id.org/geopol"  # what stands before the path in our IRIs
LONGEST = 120  # code points of a name; a longer one is cut, and has more of itself in its title
# Control characters, and what forces or embeds a direction; marks and joiners of one sign belong to the text.
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")
VENDOR = HERE / "static" / "vendor" / "fonts.css"  # made by `make web`; pages work without it
# The two faces that the first lines of a page are set in, fetched before the sheet asks for them.
FACES = {
    "en": ("ibm-plex-sans-latin-400-normal", "ibm-plex-sans-latin-600-normal"),
    "ar": ("ibm-plex-sans-arabic-arabic-400-normal", "ibm-plex-sans-arabic-arabic-600-normal"),
}


@cache
def words(lang: str) -> Mapping[str, str | Mapping[str, str]]:
    """The pages' own words, by key, of all files of the language."""
    found: dict[str, str | Mapping[str, str]] = {}
    for path in sorted((HERE / "words" / lang).glob("*.yml")):
        own = read_yaml(path)
        if twice := found.keys() & own.keys():
            raise DataError(f"kg/pages/words/{lang}/{path.name}: '{min(twice)}' has words in another file; keep one")
        found |= own
    return found


def plural(lang: str, number: int) -> str:
    """The plural category of CLDR for a whole number, for the languages of the explorer."""
    if lang != "ar":
        return "one" if number == 1 else "other"
    tens = number % 100
    by_number = {0: "zero", 1: "one", 2: "two"}
    return by_number.get(number) or ("few" if 3 <= tens <= 10 else "many" if tens >= 11 else "other")


def phrase(lang: str, key: str, **values: object) -> str:
    """The words under that key, with values put in; `count` chooses the plural form."""
    try:
        found = words(lang)[key]
    except KeyError:
        raise DataError(f"kg/pages/words/{lang}/: no words for '{key}'; add them in every language") from None
    if not isinstance(found, str):
        count = values["count"]
        assert isinstance(count, int)
        found = found.get(plural(lang, count), found["other"])
        values["count"] = number(count)
    return found.format(**values) if values else found


def number(value: int) -> str:
    """Western digits in both languages, in groups of three."""
    return f"{value:,}"


def date(lang: str, value: str) -> str:
    """`2026-03-10` as a person of that language writes it; partial dates as far as they go."""
    year, _, rest = value.partition("-")
    month, _, day = rest.partition("-")
    name = phrase(lang, f"month.{int(month)}") if month else ""
    return " ".join(part for part in (day.lstrip("0"), name, year) if part)


def script(text: str) -> str:
    """`ar` for text whose first strong letter runs right to left, else `en`: for `lang` and `dir`."""
    for char in text:
        kind = unicodedata.bidirectional(char)
        if kind in ("R", "AL"):
            return "ar"
        if kind == "L":
            return "en"
    return "en"


def cut(words: str, length: int = LONGEST) -> str:
    """The words, with an ellipsis where they are longer than that."""
    return words if len(words) <= length else words[: length - 1].rstrip() + "…"


def shown(words: str) -> Markup:
    """The words of an article, escaped; a sign that could turn the line round is named in its place."""
    return Markup(_UNSEEN.sub(lambda found: _NAMED.format(ord(found[0])), str(escape(words))))


_NAMED = '<span class="ctl" dir="ltr">U+{:04X}</span>'


def direction(lang: str) -> str:
    return "rtl" if lang == "ar" else "ltr"


def term(lang: str, name: str) -> str:
    """What the ontology calls a class, relation, event type, office or branch; the name itself where it has none."""
    known = ontology()
    for terms in (known.event_types, known.relations, known.classes, known.offices, known.branches):
        if name in terms:
            return terms[name].labels.get(lang, name)
    return name


def path_of(iri: str) -> str:
    """The page of one of our IRIs; any other IRI is its own address only where that is http."""
    if iri.startswith(BASE + "/"):
        return iri.removeprefix(BASE)
    return iri if iri.startswith(("https://", "http://")) else ""


def href(path: str, **params: object) -> str:
    """An address on this server, with those parameters that have a value."""
    query = urlencode([(key, value) for key, value in params.items() if value not in ("", None)])
    return quote(path, safe="/:#%,") + (f"?{query}" if query else "")


def coordinates(lat: float, long: float) -> str:
    """`35.401°N 35.949°E`, the same in every language."""
    return f"{abs(lat):.3f}°{'N' if lat >= 0 else 'S'} {abs(long):.3f}°{'E' if long >= 0 else 'W'}"


def modality_word(lang: str, claim: StoredClaim | Claim, is_event: bool) -> str:
    """What the chip of a claim says: happened, holds, planned …, or what a negation makes of it."""
    kind = claim.modality
    if kind == "asserted" and not is_event:
        kind = "holds"
    return phrase(lang, f"modality.{'not.' if claim.negated else ''}{kind}")


def path_of_known(iri: str) -> str:
    """On a page whose article is not stored: only the world data has pages."""
    path = path_of(iri)
    return path if path.startswith(("/id/", "http")) and not path.startswith("/id/x-") else ""


def path_in_file(iri: str) -> str:
    """In a file without a server: a claim stands further down, and nothing of ours has an address."""
    path = path_of(iri)
    if re.fullmatch(r"/article/\w+/c\d+", path):
        return f"#{card_id(path)}"
    return path if path.startswith("http") else ""


def card_id(iri: str) -> str:
    """The id of a claim's card among others: `h4sh-c4` for article/h4sh/c4."""
    return "-".join(iri.rsplit("/", 2)[1:])


LINKS = {"stored": path_of, "pasted": path_of_known, "file": path_in_file}


@cache
def _environment(lang: str, links: str) -> Environment:
    from functools import partial

    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        t=partial(phrase, lang),
        date=partial(date, lang),
        term=partial(term, lang),
        modality_word=partial(modality_word, lang),
        type_word=partial(type_word, lang),
        number=number,
        script=script,
        direction=direction,
        path_of=LINKS[links],
        card_id=card_id,
        href=href,
        coordinates=coordinates,
        shorten=shorten,
        local=local,
        vendor=VENDOR.exists(),
        faces=FACES[lang],
        lang=lang,
        other=next(one for one in LANGUAGES if one != lang),
    )
    environment.filters["clean"] = clean  # names and titles: one line, without control characters
    environment.filters["cut"] = cut
    environment.filters["shown"] = shown  # words of an article, as they stand there
    return environment


def load() -> None:
    """All templates, for both languages: the first page of a process then takes no longer than the next."""
    for lang in LANGUAGES:
        environment = _environment(lang, "stored")
        for name in environment.list_templates():
            environment.get_template(name)


def html(template: str, asked: Asked, values: Mapping[str, Any], links: str = "stored") -> bytes:
    """The template filled in, in the language of the page; `links`: what has a page of its own, see LINKS."""
    found = _environment(asked.lang, links).get_template(template).render(asked=asked, **values)
    return found.encode("utf-8", "replace")
