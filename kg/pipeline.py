"""A document to its extraction: the language is identified, and the reader of that language reads the text.

Any spaCy pipeline that the user has installed, or the folder of one, can be named (`{"en": "en_core_web_md"}`): it runs
first, and its entities join ours where we found none. Where none is named, spaCy is not loaded: the reader needs none
of it, and it takes a second.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from kg.errors import InputError
from kg.extraction.engine import reader
from kg.identify import identify
from kg.language import languages
from kg.model import Document, Extraction

if TYPE_CHECKING:
    from spacy.language import Language


MANY = "xx"  # spaCy's code of a pipeline for many languages


class Extractor:
    """Reads documents of every language that has a pack. Deterministic: the same document gives the same extraction."""

    def __init__(self, pipelines: Mapping[str, str] | None = None, model: bool = True) -> None:
        self.pipelines, self.model = dict(pipelines or {}), model
        self._loaded: dict[str, Language] = {}

    def extract(self, document: Document) -> Extraction:
        """What the document claims; InputError when its language has no pack, or its words nest without end."""
        try:
            return self._extract(document)
        except RecursionError as error:
            raise InputError(
                f"{document.id}: a sentence that nests too deeply to be read; is this text written by people?"
            ) from error

    def _extract(self, document: Document) -> Extraction:
        lang = document.lang or identify(document.text)
        if lang not in languages():
            raise InputError(f"{document.id}: the language '{lang}' has no pack; there are {', '.join(languages())}")
        if lang != document.lang:
            document = replace(document, lang=lang)
        if lang not in self.pipelines:
            return reader(lang, self.model).read(document)
        nlp = self.pipeline(lang)
        doc = nlp.make_doc(document.text)
        doc._.kg_document = document
        for _, component in nlp.pipeline:
            doc = component(doc)
        from kg.extraction.components import extraction_of

        return extraction_of(doc)

    def pipeline(self, lang: str) -> Language:
        """The user's pipeline of a language, loaded once."""
        nlp = self._loaded.get(lang)
        if nlp is None:
            nlp = self._loaded[lang] = make_pipeline(lang, self.pipelines[lang], self.model)
        return nlp


def make_pipeline(lang: str, name: str, model: bool = True) -> Language:
    """The user's spaCy pipeline of that name, for texts of the language, with `kg_claims` at its end."""
    import spacy

    import kg.extraction.components

    assert (
        kg.extraction.components.make_claims is not None
    )  # registers the factories also where no entry point is installed
    try:
        nlp = spacy.load(name)
    except OSError as error:
        raise InputError(f"the spaCy pipeline '{name}' is not installed; install it or leave it out") from error
    except (ImportError, ValueError) as error:
        reason = str(error).strip().splitlines()[0]
        raise InputError(f"the spaCy pipeline '{name}' cannot be loaded: {reason}") from error
    if nlp.lang not in {lang, MANY}:
        raise InputError(f"the spaCy pipeline '{name}' reads '{nlp.lang}', not '{lang}'; name another for '{lang}'")
    nlp.max_length = 10_000_000
    if "kg_claims" not in nlp.pipe_names:
        nlp.add_pipe("kg_claims", last=True, config={"lang": lang, "model": model})
    return nlp


@lru_cache(maxsize=4)
def _extractor(pipelines: tuple[tuple[str, str], ...], model: bool) -> Extractor:
    extractor = Extractor(dict(pipelines), model)
    for lang, _ in pipelines:
        extractor.pipeline(lang)  # one that cannot be loaded is told once, and not of every article
    return extractor


def load_extractor(pipelines: Mapping[str, str] | None = None, model: bool = True) -> Extractor:
    """The extractor of this configuration, made once per process; without `model`, rules alone decide."""
    return _extractor(tuple(sorted((pipelines or {}).items())), model)
