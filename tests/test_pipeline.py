"""The extractor: language, spaCy components, and entities of other components joining ours."""

from __future__ import annotations

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc

from kg.errors import InputError
from kg.extraction.engine import reader
from kg.model import Document, Span
from kg.pipeline import load_extractor, make_pipeline

ARABIC = "استقبل الرئيس الروسي فلاديمير بوتين نظيره السوري أحمد الشرع في موسكو."
ENGLISH = "Russian President Vladimir Putin visited Damascus."


@pytest.mark.parametrize(("text", "lang", "kind"), [(ARABIC, "ar", "reception"), (ENGLISH, "en", "visit")])
def test_the_language_is_identified_and_read(text: str, lang: str, kind: str) -> None:
    extraction = load_extractor().extract(Document("a", text))
    assert extraction.document.lang == lang
    assert kind in {claim.type for claim in extraction.claims}


def test_every_quote_and_mention_is_verbatim() -> None:
    extraction = load_extractor().extract(Document("a", ARABIC))
    assert all(claim.quote.of(ARABIC) in ARABIC for claim in extraction.claims)
    assert "فلاديمير بوتين" in {span.of(ARABIC) for entity in extraction.entities for span in entity.mentions}


def test_the_same_document_gives_the_same_extraction() -> None:
    extractor = load_extractor()
    assert extractor.extract(Document("a", ARABIC)) == extractor.extract(Document("a", ARABIC))


def test_a_language_without_a_pack_is_refused_in_one_sentence() -> None:
    with pytest.raises(InputError, match="the language 'th' has no pack; there are ar, en"):
        load_extractor().extract(Document("a", "x", lang="th"))


def test_a_pipeline_that_is_not_installed_is_named() -> None:
    with pytest.raises(InputError, match="'no_such_pipeline' is not installed"):
        make_pipeline("no_such_pipeline")


def test_the_components_work_in_a_users_own_pipeline() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("kg_mentions")
    nlp.add_pipe("kg_claims")
    doc = nlp(ENGLISH)
    assert ("Damascus", "Place") in {(ent.text, ent.label_) for ent in doc.ents}
    assert [claim.type for claim in doc._.kg.claims if claim.type == "visit"] == ["visit"]


@Language.component("test_tagger")
def tagger(doc: Doc) -> Doc:
    """Stands for a trained recognizer: it knows one name that the world data lacks."""
    span = doc.char_span(0, len("Zorvia Front"), label="ORG")
    doc.ents = (span,) if span is not None else ()
    return doc


def test_entities_of_an_earlier_component_join_ours() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("test_tagger")
    nlp.add_pipe("kg_claims")
    doc = nlp("Zorvia Front attacked Iraqi forces.")
    assert "Zorvia Front" in {entity.name for entity in doc._.kg.entities}


@pytest.mark.parametrize(
    ("lang", "text", "given", "named"),
    [
        ("en", "Iraqi pensioners attacked Turkish forces.", "Iraqi pensioners", "Iraqi pensioners"),
        ("en", "Turkish forces attacked the pensioners from Iraq.", "the pensioners from Iraq", "pensioners"),
        ("en", "Turkish forces attacked Baghdad.", "Turkish forces", "Turkish forces"),
        ("ar", "هاجم خبازون سوريون القوات التركية.", "خبازون سوريون", "خبازون سوريون"),
    ],
)
def test_a_given_span_is_a_mention_unless_its_head_word_is_one(lang: str, text: str, given: str, named: str) -> None:
    start = text.index(given)
    extraction = reader(lang).read(Document("a", text, lang), [(Span(start, start + len(given)), "Organization")])
    names = [span.of(text) for entity in extraction.entities for span in entity.mentions]
    assert names.count(named) == 1
    assert [claim.type for claim in extraction.claims if claim.type == "assault"] == ["assault"]
