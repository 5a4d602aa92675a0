"""spaCy components: `kg_mentions` names who and what, `kg_claims` reads what is claimed.

They work in any pipeline whose `nlp.lang` has a language pack. spaCy's own tokens are not used to read (clitics
would be glued), only to show: `doc.ents` are aligned to them. The rest of the program uses `doc._.kg`, an `Extraction`.
"""

from __future__ import annotations

from functools import lru_cache

from spacy.language import Language
from spacy.tokens import Doc
from spacy.tokens import Span as DocSpan
from spacy.util import filter_spans

from kg.extraction.engine import Reader, reader
from kg.model import ENTITY_CLASSES, Document, Extraction, Span
from kg.resources import lang_dir, read_yaml

for name in ("kg", "kg_document"):
    if not Doc.has_extension(name):
        Doc.set_extension(name, default=None)


class Mentions:
    """Adds the names, titles and descriptions that the pack and the world data know to `doc.ents`."""

    def __init__(self, engine: Reader) -> None:
        self.engine = engine

    def __call__(self, doc: Doc) -> Doc:
        found: list[DocSpan] = []
        for span, cls in self.engine.spans(doc.text):
            made = doc.char_span(span.start, span.end, label=cls, alignment_mode="expand")
            if made is not None:
                found.append(made)
        doc.ents = tuple(filter_spans([*found, *doc.ents]))
        return doc


class Claims:
    """Sets `doc._.kg` to the extraction of the text; entities that an earlier component found are joined in."""

    def __init__(self, engine: Reader) -> None:
        self.engine = engine

    def __call__(self, doc: Doc) -> Doc:
        document = doc._.kg_document or Document("doc", doc.text, doc.lang_)
        labels = classes()
        extra = [(Span(e.start_char, e.end_char), labels[e.label_]) for e in doc.ents if e.label_ in labels]
        doc._.kg = self.engine.read(document, extra)
        return doc


@lru_cache(maxsize=1)
def classes() -> dict[str, str]:
    """The class of each label of a recognizer; ours stand for themselves."""
    return {**{name: name for name in ENTITY_CLASSES}, **read_yaml(lang_dir("") / "labels.yml")}


@Language.factory("kg_mentions", default_config={"lang": ""})
def make_mentions(nlp: Language, name: str, lang: str) -> Mentions:
    """Factory of the component `kg_mentions`; `lang`: the language to read, if it is not that of the pipeline."""
    return Mentions(reader(lang or nlp.lang))


@Language.factory("kg_claims", assigns=["doc._.kg"], default_config={"lang": "", "model": True})
def make_claims(nlp: Language, name: str, lang: str, model: bool) -> Claims:
    """Factory of the component `kg_claims`; `lang` as for `kg_mentions`; `model`: with learned weights."""
    return Claims(reader(lang or nlp.lang, model))


def extraction_of(doc: Doc) -> Extraction:
    """What `kg_claims` read; an empty extraction where it has not run."""
    found: Extraction | None = doc._.kg
    return found if found is not None else Extraction(Document("doc", doc.text, doc.lang_))
