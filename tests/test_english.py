"""English sentences through the whole reader: noun phrases, voice, control, speech, polarity and modality."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.extraction.engine import Reader, reader
from kg.gold import judge_files
from kg.model import Claim, Document, Extraction

GOLD = Path(__file__).parent / "gold" / "en"


@pytest.fixture(scope="module")
def english() -> Reader:
    return reader("en")


def read(english: Reader, text: str) -> Extraction:
    return english.read(Document("test", text, "en", date="2017-03-10"))


def lines(extraction: Extraction) -> list[str]:
    """The claims, one line each: type, roles by name, what keeps it from being a plain fact."""
    names = {entity.id: entity.name for entity in extraction.entities}
    return [line(claim, names) for claim in extraction.claims if claim.type != "holdsOffice"]


def line(claim: Claim, names: dict[str, str]) -> str:
    roles = " ".join(f"{role}={'+'.join(names[i] for i in ids)}" for role, ids in claim.args.items())
    marks = [claim.modality] if claim.modality != "asserted" else []
    marks += ["not"] if claim.negated else []
    marks += [f"by={names[claim.attributed_to]}"] if claim.attributed_to else []
    return " ".join([claim.type, roles, *marks])


def test_every_gold_sentence_is_read_as_it_should_be(english: Reader) -> None:
    wrong = [
        j for j in judge_files(sorted(GOLD.glob("*.yml")), english.read) if not j.is_right and not j.sentence.xfail
    ]
    assert not [(j.sentence.text, j.missed, j.extra) for j in wrong]


@pytest.mark.parametrize(
    ("text", "holder", "of", "office", "former"),
    [
        ("Russian Foreign Minister Sergei Lavrov spoke.", "Sergey Lavrov", "Russia", "minister", False),
        ("The Russian foreign minister, Sergei Lavrov, spoke.", "Sergey Lavrov", "Russia", "minister", False),
        ("Sergei Lavrov, Russia's foreign minister, spoke.", "Sergey Lavrov", "Russia", "minister", False),
        ("Foreign Minister of Iran Abbas Araghchi spoke.", "Abbas Araghchi", "Iran", "minister", False),
        ("Former Syrian President Bashar al-Assad spoke.", "Bashar al-Assad", "Syria", "headOfState", True),
        ("Deputy Polish Defence Minister Jan Kowalczyk spoke.", "Jan Kowalczyk", "Poland", "other", False),
        (
            "Maher Nasser, a former commander of the Fourth Division, spoke.",
            "Maher Nasser",
            "4th Armoured Division",
            "commander",
            True,
        ),
    ],
)
def test_a_title_names_holder_and_state(
    english: Reader, text: str, holder: str, of: str, office: str, former: bool
) -> None:
    extraction = read(english, text)
    names = {entity.id: entity.name for entity in extraction.entities}
    found = [
        (names[c.args["subject"][0]], names[c.args["object"][0]], c.office, c.former)
        for c in extraction.claims
        if c.type == "holdsOffice"
    ]
    assert found == [(holder, of, office, former)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The rebels were bombed by Turkey.", ["assault actor=Turkey recipient=rebels"]),
        ("Three aid workers were abducted near Raqqa.", ["coerce recipient=aid workers place=Raqqa"]),
        ("Turkey, which backs rebels, bombed Iran.", [
            "support actor=Turkey recipient=rebels", "assault actor=Turkey recipient=Iran",
        ]),
        ("Talks between Iran and Oman were held in Geneva.", ["meeting actor=Iran+Oman place=Geneva"]),
        ("Putin is to visit Egypt.", ["visit actor=Vladimir Putin recipient=Egypt planned"]),
        ("France did not sign the treaty.", ["sign actor=France object=treaty not"]),
        ("Israel may attack Iran.", ["assault actor=Israel recipient=Iran possible"]),
        ("If Iran attacks Israel, Jordan will help Iraq.", [
            "assault actor=Iran recipient=Israel conditional", "aid actor=Jordan recipient=Iraq conditional",
        ]),
        ("Britain condemned the attack on Estonia.", [
            "accuse actor=United Kingdom", "assault recipient=Estonia by=United Kingdom",
        ]),
        ("Chile's critics attacked the film.", []),
    ],
)  # fmt: skip
def test_voice_polarity_and_modality(english: Reader, text: str, expected: list[str]) -> None:
    assert lines(read(english, text)) == expected


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Egypt has bombed Libya, Putin said.", "Vladimir Putin"),
        ("\"Egypt has bombed Libya,\" said Putin.", "Vladimir Putin"),
        ("Putin said that Egypt had bombed Libya.", "Vladimir Putin"),
        ("According to Putin, Egypt has bombed Libya.", "Vladimir Putin"),
    ],
)  # fmt: skip
def test_the_speaker_may_stand_before_or_after_what_is_said(english: Reader, text: str, speaker: str) -> None:
    assert lines(read(english, text)) == [f"assault actor=Egypt recipient=Libya by={speaker}"]


def test_a_family_name_alone_is_the_person_named_in_full(english: Reader) -> None:
    found = read(english, "Polish envoy Jan Kowalczyk met Viktor Nagy in Riga. Kowalczyk visited Latvia.")
    assert "visit actor=Jan Kowalczyk recipient=Latvia" in lines(found)


def test_his_country_and_its_troops_are_the_state(english: Reader) -> None:
    found = lines(read(english, "Russian President Putin said his country would withdraw its troops from Belarus."))
    assert found == ["withdraw actor=Russia recipient=Belarus planned by=Vladimir Putin"]


def test_names_that_share_a_head_are_two_bases(english: Reader) -> None:
    found = lines(read(english, "The Hmeimim and Tartus bases in Syria were attacked by drones."))
    assert sum(claim.startswith("hostState") for claim in found) == 2


def test_an_article_without_claims_yields_none(english: Reader) -> None:
    assert lines(read(english, "It rained all day. The umbrella was blue and the dog slept.")) == []


def test_offsets_are_those_of_the_text(english: Reader) -> None:
    text = "Putin met Erdogan — in Sochi."
    claim = read(english, text).claims[0]
    assert claim.quote.of(text).startswith("Putin met Erdogan")
