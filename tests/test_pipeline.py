"""The extractor: language, spaCy components, and entities of other components joining ours."""

from __future__ import annotations

from pathlib import Path

import pytest
import spacy

from kg.errors import InputError
from kg.extraction.components import classes
from kg.extraction.engine import reader
from kg.model import ENTITY_CLASSES, Document, Span
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
        make_pipeline("en", "no_such_pipeline")


def test_the_components_work_in_a_users_own_pipeline() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("kg_mentions")
    nlp.add_pipe("kg_claims")
    doc = nlp(ENGLISH)
    assert ("Damascus", "Place") in {(ent.text, ent.label_) for ent in doc.ents}
    assert [claim.type for claim in doc._.kg.claims if claim.type == "visit"] == ["visit"]


def saved(folder: Path, lang: str, **labels: str) -> Path:
    """A pipeline of the user's own on disk, whose recognizer knows these words."""
    nlp = spacy.blank(lang)
    patterns = [{"label": label, "pattern": words.replace("_", " ")} for words, label in labels.items()]
    nlp.add_pipe("entity_ruler").add_patterns(patterns)  # type: ignore[attr-defined]
    nlp.to_disk(folder)
    return folder


def test_entities_of_a_users_own_pipeline_join_ours(tmp_path: Path) -> None:
    text = "Zorvists attacked Iraqi forces. The Bank of Iraq accused Norway of fraud."
    mine = saved(tmp_path / "en", "en", Zorvists="ORG", Bank_of_Iraq="ORG", attacked="VERB")
    without, joined = load_extractor(), load_extractor({"en": str(mine)})
    assert "Zorvists" not in {entity.name for entity in without.extract(Document("a", text)).entities}
    found = {entity.name: entity.cls for entity in joined.extract(Document("a", text)).entities}
    assert found["Zorvists"] == "Organization"
    assert found["Bank of Iraq"] == "Organization"
    assert "attacked" not in found


def test_a_pipeline_for_many_languages_reads_arabic(tmp_path: Path) -> None:
    mine = saved(tmp_path / "xx", "xx", حركة_زورف="ORG")
    text = "هاجمت حركة زورف القوات التركية."
    extraction = load_extractor({"ar": str(mine)}).extract(Document("a", text))
    assert "حركة زورف" in {entity.name for entity in extraction.entities}


def test_what_is_attached_to_a_name_is_no_part_of_it(tmp_path: Path) -> None:
    mine = saved(tmp_path / "xx", "xx", وزورفيستان="GPE")
    text = "زارت ميركل باريس وزورفيستان."
    extraction = load_extractor({"ar": str(mine)}).extract(Document("a", text))
    assert "زورفيستان" in {span.of(text) for entity in extraction.entities for span in entity.mentions}


def test_a_label_that_is_the_name_of_our_class_needs_no_mapping(tmp_path: Path) -> None:
    mine = saved(tmp_path / "en", "en", Zorv_Airfield="MilitaryBase")
    extraction = load_extractor({"en": str(mine)}).extract(Document("a", "Turkish forces attacked Zorv Airfield."))
    assert ("Zorv Airfield", "MilitaryBase") in {(entity.name, entity.cls) for entity in extraction.entities}


def test_every_label_has_a_class_of_the_ontology() -> None:
    assert set(classes().values()) == set(ENTITY_CLASSES)


def test_a_pipeline_of_another_language_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="reads 'de', not 'en'; name another for 'en'"):
        make_pipeline("en", str(saved(tmp_path / "de", "de")))


def test_a_pipeline_with_an_unknown_component_is_refused_in_one_sentence(tmp_path: Path) -> None:
    folder = saved(tmp_path / "en", "en")
    config = (folder / "config.cfg").read_text(encoding="utf-8")
    (folder / "config.cfg").write_text(config.replace('factory = "entity_ruler"', 'factory = "zorv"'), encoding="utf-8")
    with pytest.raises(InputError, match=r"cannot be loaded: .*zorv"):
        make_pipeline("en", str(folder))


def test_a_pipeline_that_has_our_component_already_is_taken_as_it_is(tmp_path: Path) -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("kg_claims")
    nlp.to_disk(tmp_path / "en")
    assert make_pipeline("en", str(tmp_path / "en")).pipe_names == ["kg_claims"]


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


@pytest.mark.parametrize(
    ("text", "lang"),
    [("زار بوتين دمشق. وكان الطقس في ألمانيا باردا.", "ar"), ("Putin visited Damascus. Germany was cold.", "en")],
)
def test_whom_the_world_data_knows_is_told_without_a_claim(text: str, lang: str) -> None:
    found = load_extractor().extract(Document("a", text, lang))
    parties = {party for claim in found.claims for fillers in claim.args.values() for party in fillers}
    assert [entity.ref for entity in found.entities if entity.id not in parties] == ["germany"]
