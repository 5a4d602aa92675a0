"""One short article with twelve claims, read by hand: what a reader of it should find."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kg.model import Anchor, Claim, Document, Entity, Extraction, Span
from kg.seeds import Agreement, AnyRecord, Base, City, Organization, Person, Source, State, World

TITLE = "الشرع يطلب في موسكو تسليم الأسد"
TEXT = (
    f"{TITLE}\n\n"
    "استقبل الرئيس الروسي فلاديمير بوتين نظيره السوري أحمد الشرع في موسكو يوم 15 أكتوبر 2025. "
    "وطلب الشرع من روسيا تسليم الرئيس السابق بشار الأسد المقيم فيها. "
    "وتدير روسيا قاعدة حميميم الجوية في سوريا. "
    "وقالت صحيفة الفجر إن روسيا سحبت جنودها من مطار القامشلي. "
    "ولم يوقّع البلدان اتفاقية الدفاع. وروسيا حليفة سوريا."
)
DOCUMENT = Document(
    id="sample-1",
    text=TEXT,
    lang="ar",
    title=TITLE,
    date="2025-10-16",
    url="https://example.org/1",
    source="مثال",
)


def span(words: str) -> Span:
    """Where the words stand first."""
    start = TEXT.index(words)
    return Span(start, start + len(words))


def entity(number: int, cls: str, name: str, *words: str, ref: str | None = None) -> Entity:
    mentions = tuple(sorted(span(word) for word in words))
    return Entity(id=f"e{number}", cls=cls, name=name, mentions=mentions, ref=ref)


RUSSIA = entity(1, "State", "Russia", "روسيا", "الروسي", ref="russia")
SYRIA = entity(2, "State", "Syria", "سوريا", "السوري", ref="syria")
PUTIN = entity(3, "Person", "Vladimir Putin", "فلاديمير بوتين", ref="vladimir-putin")
SHARAA = entity(4, "Person", "Ahmed al-Sharaa", "أحمد الشرع", "الشرع", ref="ahmed-al-sharaa")
ASSAD = entity(5, "Person", "Bashar al-Assad", "بشار الأسد", ref="bashar-al-assad")
MOSCOW = entity(6, "Place", "Moscow", "موسكو", ref="moscow")
HMEIMIM = entity(7, "MilitaryBase", "Hmeimim Air Base", "قاعدة حميميم الجوية", ref="hmeimim")
QAMISHLI = entity(8, "MilitaryBase", "Qamishli Airport", "مطار القامشلي")
PAPER = entity(9, "Organization", "صحيفة الفجر", "صحيفة الفجر")
TREATY = entity(10, "Agreement", "defence agreement", "اتفاقية الدفاع")


def claim(number: int, type_: str, args: Mapping[str, list[Entity]], words: str, **rest: Any) -> Claim:
    quote = span(words)
    return Claim(
        id=f"c{number}",
        type=type_,
        args={role: tuple(e.id for e in entities) for role, entities in args.items()},
        quote=quote,
        rule=rest.pop("rule", "by hand"),
        confidence=rest.pop("confidence", 0.9),
        anchors=(Anchor("trigger", Span(quote.start, quote.start + len(words.split()[0]))),),
        **rest,
    )


CLAIMS = (
    claim(1, "holdsOffice", {"subject": [PUTIN], "object": [RUSSIA]},
          "الرئيس الروسي فلاديمير بوتين", office="headOfState"),
    claim(2, "reception", {"actor": [PUTIN], "recipient": [SHARAA], "place": [MOSCOW]},
          "استقبل الرئيس الروسي فلاديمير بوتين نظيره السوري أحمد الشرع في موسكو",
          date="2025-10-15"),
    claim(3, "holdsOffice", {"subject": [SHARAA], "object": [SYRIA]},
          "نظيره السوري أحمد الشرع", office="headOfState"),
    claim(4, "request", {"actor": [SHARAA], "recipient": [RUSSIA]},
          "وطلب الشرع من روسيا تسليم الرئيس السابق بشار الأسد", content="c5"),
    claim(5, "extradite", {"actor": [RUSSIA], "object": [ASSAD]},
          "وطلب الشرع من روسيا تسليم الرئيس السابق بشار الأسد",
          modality="requested", attributed_to="e4"),
    claim(6, "holdsOffice", {"subject": [ASSAD], "object": [SYRIA]},
          "الرئيس السابق بشار الأسد", office="headOfState", former=True),
    claim(7, "residesIn", {"subject": [ASSAD], "object": [RUSSIA]}, "بشار الأسد المقيم فيها"),
    claim(8, "operator", {"subject": [HMEIMIM], "object": [RUSSIA]},
          "وتدير روسيا قاعدة حميميم الجوية", branch="air"),
    claim(9, "hostState", {"subject": [HMEIMIM], "object": [SYRIA]},
          "قاعدة حميميم الجوية في سوريا"),
    claim(10, "withdraw", {"actor": [RUSSIA], "place": [QAMISHLI]},
          "روسيا سحبت جنودها من مطار القامشلي", attributed_to="e9"),
    claim(11, "sign", {"actor": [RUSSIA, SYRIA], "object": [TREATY]},
          "ولم يوقّع البلدان اتفاقية الدفاع", negated=True),
    claim(12, "alliedWith", {"subject": [RUSSIA], "object": [SYRIA]}, "وروسيا حليفة سوريا"),
)  # fmt: skip

EXTRACTION = Extraction(
    DOCUMENT,
    (RUSSIA, SYRIA, PUTIN, SHARAA, ASSAD, MOSCOW, HMEIMIM, QAMISHLI, PAPER, TREATY),
    CLAIMS,
)

_HEAD = {"office": "headOfState"}
_RECORDS: tuple[AnyRecord, ...] = (
    State(id="russia", en=["Russia", "Russian Federation"], ar=["روسيا"], iso="RU"),
    State(id="syria", en=["Syria"], ar=["سوريا", "سورية"], iso="SY"),
    City(id="moscow", en=["Moscow"], ar=["موسكو"], state="russia", lat=55.75, lon=37.62),
    Person.model_validate(
        {
            "id": "vladimir-putin", "en": ["Vladimir Putin"], "ar": ["فلاديمير بوتين"],
            "qid": "Q7747", "source": ["wikidata-heads-2021"],
            "offices": [{**_HEAD, "of": "russia"}],
        }
    ),
    Person(id="ahmed-al-sharaa", en=["Ahmed al-Sharaa"], ar=["أحمد الشرع"]),
    Person(id="bashar-al-assad", en=["Bashar al-Assad"], ar=["بشار الأسد"]),
    Base(id="hmeimim", en=["Hmeimim Air Base"], ar=["قاعدة حميميم"], host="syria",
         lat=35.4, lon=35.95),
    Organization(id="nato", en=["NATO"], ar=["حلف شمال الأطلسي"], kind="alliance"),
    Agreement(id="old-treaty", en=["Old Treaty"], ar=["المعاهدة القديمة"],
              parties=["russia", "syria"]),
)  # fmt: skip
SOURCE = Source(id="wikidata-heads-2021", title="Heads of state", licence="CC0")
WORLD = World({record.id: record for record in _RECORDS}, {SOURCE.id: SOURCE})
