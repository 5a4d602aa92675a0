"""Facts out to Wikidata: what is written is applied to a real SPARQL server, and every reference is there."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner
from endpoint import server  # noqa: F401
from quickstatements import PR, PRV, WIKIBASE, Tool, select
from wikidata import PQ, PS, WD, WDT, Entry, P, fill

from kg.commands import main
from kg.errors import DataError
from kg.identity import merge
from kg.links import Link, write_links
from kg.model import Claim, Document, Entity, Extraction, Span
from kg.ontology import ontology
from kg.rdf import DCT, ID, WORLD_GRAPH, entity_iri, entity_iris, quads, world_quads
from kg.seeds import Base, City, Organization, Person, Source, State, World
from kg.store import Graph, open_graph
from kg.stored import Entities
from kg.wikidata.constraints import constraints, load_constraints
from kg.wikidata.enrich import FACTS_GRAPH
from kg.wikidata.preview import preview
from kg.wikidata.quickstatements import plain, quickstatements, url
from kg.wikidata.statements import Export, collect

RULES = constraints()
DAY = "2026-01-02"
# made up, beyond the identifiers that Wikidata has given
BASE, STATE, OTHER, LEADER, FORMER, ALLIANCE, PARTY, POST, MAYOR, PORT = (f"Q9200001{n:02}" for n in range(10))


def record(model: type, ref: str, name: str, ar: str = "", qid: str | None = None, **more: object) -> object:
    return model.model_validate(  # type: ignore[attr-defined]
        {"id": ref, "en": [name], "ar": [ar] if ar else [], "qid": qid, "source": ["test"], **more}
    )


def term(office: str, of: str, start: str = "", end: str = "") -> dict[str, str]:
    dates = {"from": start, "to": end}
    return {"office": office, "of": of, **{name: day for name, day in dates.items() if day}}


RECORDS = [
    record(State, "kolbar", "Kolbar", "كولبار", STATE),
    record(State, "tarvia", "Tarvia", "تارفيا", OTHER, posts={"headOfState": POST}),
    record(Base, "hamra", "Hamra Air Base", "قاعدة الحمراء الجوية", BASE, host="kolbar"),
    record(Base, "zarqa", "Zarqa Air Base", "قاعدة الزرقاء", None, host="kolbar"),
    record(Person, "lunde", "Mira Lunde", "ميرا لوندي", LEADER, offices=[term("headOfState", "kolbar", "2020-05")]),
    record(
        Person, "orsk", "Anton Orsk", "", FORMER,
        offices=[term("headOfState", "tarvia", "2010-01-01", "2015"), term("headOfGovernment", "kolbar")],
    ),
    record(Organization, "alliance", "Northern Alliance", "", ALLIANCE, kind="alliance"),
    record(City, "port", "Port Kolbar", "", PORT, state="kolbar"),
    record(Organization, "greens", "Green Party", "", PARTY, kind="party"),
]  # fmt: skip
SMALL = World(
    {one.id: one for one in RECORDS},  # type: ignore[attr-defined]
    {"test": Source(id="test", title="Test", licence="facts")},
)
CLASSES = {"kolbar": "State", "tarvia": "State", "hamra": "MilitaryBase", "zarqa": "MilitaryBase", "lunde": "Person",
           "orsk": "Person", "alliance": "Organization", "greens": "Organization",
           "port": "Place"}  # fmt: skip


class Article:
    """One article under construction: every claim is a sentence of its own."""

    def __init__(
        self, name: str, *, lang: str = "en", date: str | None = "2025-10-15", url: str | None = "", title: str = ""
    ) -> None:
        self.id, self.lang, self.date, self.title = name, lang, date, title or f"Title of {name}"
        self.url = f"https://news.example/{name}" if url == "" else url
        self.text = self.title + "\n\n"
        self.entities: dict[str, Entity] = {}
        self.claims: list[Claim] = []

    def entity(self, name: str, cls: str = "") -> str:
        ref = name if name in CLASSES else None
        span = Span(0, 1)
        self.entities.setdefault(name, Entity(name, cls or CLASSES.get(name, "Person"), name, (span,), ref=ref))
        return name

    def says(self, type_: str, subject: str, value: str, words: str = "", cls: str = "", **more: object) -> Article:
        words = words or f"{subject} {type_} {value}."
        start = len(self.text)
        self.text += words + "\n"
        speaker = more.pop("by", None)
        self.claims.append(
            Claim(
                f"c{len(self.claims) + 1}", type_,
                {"subject": (self.entity(subject, cls),), "object": (self.entity(value),)},
                Span(start, start + len(words)),
                attributed_to=self.entity(str(speaker)) if speaker else None,
                **more,  # type: ignore[arg-type]
            )
        )  # fmt: skip
        return self

    def extraction(self) -> Extraction:
        document = Document(self.id, self.text, self.lang, self.title, self.date, self.url, "Example")
        return Extraction(document, tuple(self.entities.values()), tuple(self.claims))


def filled(*articles: Article) -> Graph:
    graph = open_graph(":memory:")
    graph.bulk(world_quads(SMALL))
    for one in articles:
        graph.bulk(quads(one.extraction()))
    return graph


def made(graph: Graph, **more: object) -> Export:
    return collect(graph, SMALL, RULES, **more)  # type: ignore[arg-type]


def script(export: Export) -> str:
    return "".join(f"{line}\n" for line in quickstatements(export, RULES, DAY))


def triple_of(export: Export) -> set[tuple[str, str, str]]:
    return {(one.item, one.property, one.value) for one in export.statements}


def reasons(export: Export) -> set[str]:
    return {reason for _, reason in export.held} | set(export.left)


@pytest.fixture(scope="module")
def wikidata(server: str) -> str:  # noqa: F811
    fill(server, [Entry(BASE, "Q245016", "Hamra", states=(STATE,)), Entry(STATE, "Q3624078", "Kolbar")])
    return server


# the round trip


def test_all_references_of_all_articles_arrive_with_their_words_and_dates(wikidata: str) -> None:
    arabic = "تدير تارفيا قاعدة الحمراء الجوية"
    graph = filled(
        Article("one", date="2025-10-15")
        .says("operator", "hamra", "tarvia", "Tarvia runs Hamra.")
        .says("operator", "hamra", "tarvia", "Its base at Hamra is busy."),
        Article("two", lang="ar", date="2025-11", title="قاعدة الحمراء").says("operator", "hamra", "tarvia", arabic),
        Article("three", date=None, url=None).says("operator", "hamra", "tarvia", "Tarvia's base"),
        Article("four").says("hostState", "hamra", "kolbar", "Hamra lies in Kolbar."),
    )
    text = script(made(graph))
    assert text.count("S407\tQ1860") == text.count("S407\tQ13955") + 2 == 3  # languages of the articles
    Tool(wikidata).run(text)
    found = select(
        wikidata,
        f"""SELECT ?node ?ref ?url ?title ?quote ?day ?precision ?retrieved WHERE {{
  <{WD}{BASE}> <{P}P137> ?node . ?node <{PS}P137> <{WD}{OTHER}> ; <http://www.w3.org/ns/prov#wasDerivedFrom> ?ref .
  OPTIONAL {{ ?ref <{PR}P854> ?url }} ?ref <{PR}P1476> ?title ; <{PR}P1683> ?quote .
  OPTIONAL {{ ?ref <{PR}P577> ?day ; <{PRV}P577>/<{WIKIBASE}timePrecision> ?precision }}
  OPTIONAL {{ ?ref <{PR}P813> ?retrieved }} }}""",
    )
    assert len({row["node"] for row in found}) == 1
    told = {(row.get("url"), row["quote"], row.get("day"), row.get("precision"), row.get("retrieved")) for row in found}
    news, seen = "https://news.example/", f"{DAY}T00:00:00Z"
    assert told == {
        (news + "one", "Tarvia runs Hamra.", "2025-10-15T00:00:00Z", "11", seen),
        (news + "one", "Its base at Hamra is busy.", "2025-10-15T00:00:00Z", "11", seen),
        (news + "two", arabic, "2025-11-01T00:00:00Z", "10", seen),
        (None, "Tarvia's base", None, None, None),
    }
    assert len({row["ref"] for row in found}) == 3
    (there,) = select(wikidata, f"SELECT ?node WHERE {{ <{WD}{BASE}> <{P}P17> ?node }}")
    assert there["node"] == f"{WD}statement/{BASE}-P17-{STATE}"  # the one that stood there got the reference


def test_offices_go_to_the_post_or_to_the_state_with_their_dates(wikidata: str) -> None:
    office = {"office": "headOfState"}
    graph = filled(
        Article("five")
        .says("holdsOffice", "lunde", "kolbar", **office)
        .says("holdsOffice", "orsk", "tarvia", former=True, **office)
        .says("holdsOffice", "orsk", "kolbar", office="headOfGovernment")
        .says("holdsOffice", "lunde", "tarvia", office="minister")
    )
    export = made(graph)
    assert triple_of(export) == {(STATE, "P35", LEADER), (FORMER, "P39", POST)}
    assert reasons(export) == {"P6 must have P580, and the world data does not tell it", "an office without an item"}
    Tool(wikidata).run(script(export))
    rows = select(
        wikidata,
        f"""SELECT ?value ?from ?to WHERE {{ {{ <{WD}{STATE}> <{P}P35> ?s . ?s <{PS}P35> ?value }}
  UNION {{ <{WD}{FORMER}> <{P}P39> ?s . ?s <{PS}P39> ?value }}
  OPTIONAL {{ ?s <{PQ}P580> ?from }} OPTIONAL {{ ?s <{PQ}P582> ?to }} }}""",
    )
    assert {(row["value"].removeprefix(WD), row["from"][:10], row.get("to", "")[:10]) for row in rows} == {
        (LEADER, "2020-05-01", ""), (POST, "2010-01-01", "2015-01-01"),
    }  # fmt: skip


def test_new_items_come_with_labels_class_and_statements(wikidata: str) -> None:
    graph = filled(Article("six").says("memberOf", "Jon Berg", "greens", "Jon Berg of the Green Party"))
    export = made(graph)
    assert not export.statements
    Tool(wikidata).run(script(export))
    (row,) = select(
        wikidata,
        f'SELECT ?item ?class ?party ?url WHERE {{ ?item <http://www.w3.org/2000/01/rdf-schema#label> "Jon Berg"@en ; '
        f"<{WDT}P31> ?class ; <{P}P102> ?s . ?s <{PS}P102> ?party ; "
        f"<http://www.w3.org/ns/prov#wasDerivedFrom>/<{PR}P854> ?url }}",
    )
    assert (row["class"], row["party"]) == (WD + "Q5", WD + PARTY)
    assert row["url"] == "https://news.example/six"


HOSTILE = 'a\tb\nc\r\nQ1\tP31\tQ5 || x | "quoted" \u202eabc\u202c\u2066\u0000\u2028 /* note */'


def test_hostile_texts_do_not_break_out_of_their_field(wikidata: str) -> None:
    name = f'"{HOSTILE}" Berg'
    evil = 'https://news.example/a|b\tc?q="x"&ن=\u202e||Q1'
    graph = filled(Article("hostile", title=HOSTILE, url=evil).says("memberOf", name, "alliance", HOSTILE))
    text = script(made(graph))
    lines = text.split("\n")
    assert [line.split("\t")[:2] for line in lines if line] == [
        ["CREATE"], ["LAST", "Len"], ["LAST", "P31"], ["LAST", "P463"],
    ]  # fmt: skip
    assert not re.search("[|\r\u0000\u2028\u202a-\u202e\u2066-\u2069]", text)
    Tool(wikidata).run(text)
    (row,) = select(
        wikidata,
        f"SELECT ?quote ?url WHERE {{ ?s <{PS}P463> <{WD}{ALLIANCE}> ; <http://www.w3.org/ns/prov#wasDerivedFrom> ?r ."
        f" ?r <{PR}P1683> ?quote ; <{PR}P854> ?url }}",
    )
    assert row["quote"] == 'a b c Q1 P31 Q5 ¦¦ x ¦ "quoted" abc /* note */'
    assert row["url"] == "https://news.example/a%7Cb%09c?q=%22x%22&%D9%86=%E2%80%AE%7C%7CQ1"
    assert not select(wikidata, f"SELECT ?c WHERE {{ <{WD}Q1> <{WDT}P31> ?c }}")


# what does not go out


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"modality": "requested"}, "requested, not asserted"),
        ({"modality": "promised"}, "promised, not asserted"),
        ({"modality": "planned"}, "planned, not asserted"),
        ({"modality": "conditional"}, "conditional, not asserted"),
        ({"modality": "possible"}, "possible, not asserted"),
        ({"negated": True}, "denied"),
        ({"former": True}, "over, and no end is known"),
        ({"by": "lunde"}, "on somebody's word (--attributed takes named authorities)"),
    ],
)
def test_only_facts_go_out(more: dict[str, object], reason: str) -> None:
    export = made(filled(Article("x").says("operator", "hamra", "tarvia", **more)))
    assert (script(export), dict(export.left)) == ("", {reason: 1})


def test_what_an_article_denies_is_held_back_whoever_else_says_it() -> None:
    graph = filled(
        Article("x").says("operator", "hamra", "tarvia"),
        Article("y").says("operator", "hamra", "tarvia", negated=True, by="kolbar"),
    )
    assert reasons(made(graph)) == {"an article denies it, or says that it is over", "denied"}
    graph = filled(
        Article("x").says("memberOf", "kolbar", "alliance"),
        Article("y").says("memberOf", "kolbar", "alliance", former=True),
    )
    assert not made(graph).statements


def test_on_request_named_authorities_are_told_as_such() -> None:
    graph = filled(
        Article("x")
        .says("operator", "hamra", "tarvia", by="lunde")
        .says("operator", "hamra", "kolbar", by="Jon Berg")
        .says("memberOf", "kolbar", "alliance", by="lunde"),
        Article("y").says("memberOf", "kolbar", "alliance"),
    )
    export = made(graph, attributed=True)
    assert {(one.value, one.qualifiers, len(one.references)) for one in export.statements} == {
        (OTHER, (("P3680", LEADER),), 1),
        (ALLIANCE, (), 2),  # an article says so itself
    }
    assert export.left == {"on the word of somebody without an item": 1}


def test_events_and_relations_that_wikidata_lacks_are_counted() -> None:
    article = Article("x").says("alliedWith", "kolbar", "tarvia").says("militaryPresenceIn", "kolbar", "tarvia")
    article.claims.append(Claim("c9", "visit", {"actor": ("kolbar",), "recipient": ("tarvia",)}, Span(0, 5)))
    assert sum(made(filled(article)).left.values()) == 3


def test_two_host_states_are_a_contradiction_for_a_person() -> None:
    graph = filled(Article("x").says("hostState", "hamra", "kolbar").says("hostState", "hamra", "tarvia"))
    export = made(graph)
    assert not export.statements
    assert [reason for _, reason in export.held] == ["articles name several for country"] * 2


def test_without_any_address_nobody_could_look_it_up() -> None:
    export = made(filled(Article("x", url=None).says("operator", "hamra", "tarvia")))
    assert reasons(export) == {"no article that says so has an address"}


def test_what_wikidata_is_known_to_say_is_not_new_and_not_contradicted() -> None:
    graph = filled(
        Article("x")
        .says("operator", "hamra", "tarvia")
        .says("operator", "hamra", "alliance")
        .says("hostState", "hamra", "tarvia")
        .says("holdsOffice", "lunde", "kolbar", office="headOfState")
        .says("locatedIn", "hamra", "port")
    )
    facts = [
        (WD + BASE, DCT + "date", ox.Literal("2026-01-01")),
        (ID + "hamra", WDT + "P137", ox.NamedNode(ID + "tarvia")),
        (ID + "hamra", WDT + "P17", ox.NamedNode(ID + "kolbar")),
        (ID + "kolbar", WDT + "P35", ox.NamedNode(ID + "lunde")),
    ]
    graph.bulk(ox.Quad(ox.NamedNode(s), ox.NamedNode(p), o, FACTS_GRAPH) for s, p, o in facts)
    export = made(graph)
    assert {(one.property, one.value, one.standing) for one in export.statements} == {
        ("P137", OTHER, "there"), ("P137", ALLIANCE, "new"), ("P35", LEADER, "there"),
        ("P131", PORT, "not compared"),  # which is not asked for
    }  # fmt: skip
    assert [one.qualifiers for one in export.statements if one.standing == "there"] == [(), ()]
    assert reasons(export) == {f"Wikidata has {STATE} as its country"}


# new items


def doubtful(graph: Graph) -> set[str]:
    export = made(graph)
    assert not export.drafts
    return reasons(export)


def test_what_was_merged_is_no_draft_and_what_it_became_is_drafted_once_with_both_articles() -> None:
    graph = filled(
        Article("a").says("memberOf", "Ida Berg", "alliance"),
        Article("b").says("memberOf", "Ida Bergh", "alliance"),
        Article("c").says("memberOf", "Ida  Berg", "alliance"),
    )
    berg, bergh, last = (
        entity_iri(Entity("e1", "Person", name, ())).value for name in ("Ida Berg", "Ida Bergh", "Ida  Berg")
    )
    assert {one.entity.iri for one in made(graph).drafts} == {bergh}
    merge(graph, berg, bergh, day=DAY)
    merge(graph, bergh, last, day=DAY)
    (draft,) = made(graph).drafts
    assert draft.entity.iri == last
    assert [len(one.references) for one in draft.statements] == [3]


def test_nothing_doubtful_becomes_an_item() -> None:
    one = "no new item: Berg is one word of a name"
    assert doubtful(filled(Article("a").says("memberOf", "Berg", "alliance"))) == {one}
    described = Article("b").says("operator", "the old airfield", "kolbar", cls="MilitaryBase")
    assert doubtful(filled(described)) == {"no new item: the old airfield may be a description and no name"}
    world = Article("c").says("operator", "zarqa", "kolbar")
    assert doubtful(filled(world)) == {"in the world data without an item: `kg link --live` looks for it"}
    namesake = Article("d").says("memberOf", "Mira Lunde", "alliance")
    assert doubtful(filled(namesake)) == {"no new item: another entity is called Mira Lunde too"}


def test_an_entity_that_may_be_an_item_is_not_made_again() -> None:
    article = Article("e").says("memberOf", "Jon Berg", "alliance")
    graph = filled(article)
    iri = entity_iris(article.extraction())["Jon Berg"].value
    write_links(graph, [Link(iri, MAYOR, "proposed", 0.5, "name", "https://wd.example", "2026-01-01")])
    assert doubtful(graph) == {f"no new item: may be {MAYOR}: `kg link --set` or `--reject` decides"}
    write_links(graph, [Link(iri, MAYOR, "accepted", 1.0, "name", "https://wd.example", "2026-01-01")])
    assert triple_of(made(graph)) == {(MAYOR, "P463", ALLIANCE)}


def test_an_entity_with_two_items_goes_nowhere() -> None:
    graph = filled(Article("x").says("operator", "hamra", "tarvia"))
    match = ox.NamedNode("http://www.w3.org/2004/02/skos/core#exactMatch")
    graph.bulk([ox.Quad(ox.NamedNode(ID + "hamra"), match, ox.NamedNode(WD + MAYOR), WORLD_GRAPH)])
    assert reasons(made(graph)) == {"linked to two items: decide with `kg link --reject`"}


# the texts, the file, the command


def test_the_same_store_gives_the_same_bytes_in_whatever_order_it_was_filled() -> None:
    articles = [
        Article("x").says("operator", "hamra", "tarvia").says("memberOf", "kolbar", "alliance"),
        Article("y").says("operator", "hamra", "tarvia").says("memberOf", "Jon Berg", "alliance"),
    ]
    assert script(made(filled(*articles))) == script(made(filled(*reversed(articles)))) != ""


def test_texts_and_addresses_keep_to_the_limits() -> None:
    assert len(plain("word " * 400, RULES.limits.monolingual)) <= RULES.limits.monolingual
    assert plain("word " * 400, 12) == "word word…"
    assert plain("خ\u200cک", 9) == "خ\u200cک"
    assert url("https://a.example/" + "b" * 1500, RULES.limits.url) == ""
    assert url("javascript:alert(1)", 99) == ""


def test_every_property_of_the_ontology_has_its_constraints_and_the_other_way_round() -> None:
    terms = [*ontology().relations.values(), *ontology().offices.values()]
    assert {name for one in terms for name in one.stated_as} == RULES.properties.keys()
    known = ontology().classes.keys() | {"Office"}
    for rule in RULES.properties.values():
        assert {*rule.subject, *rule.value} <= known
        assert {*rule.required, *rule.separators} <= set(rule.qualifiers)
        assert rule.label.keys() == {"en", "ar"}


def test_a_wrong_file_of_constraints_is_told(tmp_path: Path) -> None:
    file = tmp_path / "wikidata.yml"
    file.write_text("properties: {P1: {label: {en: x}}}\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"wikidata.yml: properties.P1.subject"):
        load_constraints(file)


def test_the_preview_tells_what_would_be_written_and_what_not_and_why() -> None:
    graph = filled(
        Article("x", title="\x1b[31mred")
        .says("operator", "hamra", "tarvia", "Tarvia runs Hamra.")
        .says("memberOf", "Jon Berg", "alliance")
        .says("operator", "hamra", "kolbar", modality="requested")
        .says("hostState", "hamra", "kolbar")
        .says("hostState", "hamra", "tarvia")
    )
    lines = list(preview(made(graph), Entities(graph), RULES))
    text = "\n".join(lines)
    assert f"Hamra Air Base ({BASE}) - operator (P137): Tarvia ({OTHER})" in text
    assert "“Tarvia runs Hamra.”" in text
    assert "NEW ITEMS (1)" in text
    assert "articles name several for country:" in text
    assert "1  requested, not asserted" in text
    assert "\x1b" not in text


@pytest.fixture
def store(tmp_path: Path) -> str:
    location = str(tmp_path / "kg")
    with open_graph(location) as graph:
        graph.bulk(world_quads(SMALL))
        graph.bulk(
            quads(
                Article("x").says("operator", "hamra", "tarvia").says("memberOf", "Jon Berg", "alliance").extraction()
            )
        )
    return location


def test_the_command_writes_the_file_and_previews_it(store: str, tmp_path: Path) -> None:
    file = tmp_path / "facts.qs"
    words = ["export", str(file), "--store", store]
    shown = CliRunner().invoke(main, [*words, "--preview"])
    assert (shown.exit_code, file.exists()) == (0, False)
    assert "Nothing has been written." in shown.stdout
    result = CliRunner().invoke(main, [*words, "--retrieved", DAY])
    assert result.exit_code == 0, result.stderr
    assert "1 statement, 0 new items; 0 held back" in result.stderr
    assert file.read_text(encoding="utf-8").startswith(f"{BASE}\tP137\t{OTHER}\tS854\t")
    CliRunner().invoke(main, [*words, "--drafts", "--retrieved", DAY])
    assert file.read_text(encoding="utf-8").count("CREATE\n") == 1
    assert (
        CliRunner()
        .invoke(main, [*words[:1], "-", *words[2:], "--view", "quickstatements", "--entity", "kolbar"])
        .stdout
        == ""
    )


def test_options_of_one_view_are_refused_for_others(store: str) -> None:
    result = CliRunner().invoke(main, ["export", "x.ttl", "--store", store, "--preview"])
    assert (result.exit_code, "--preview belongs to the view quickstatements" in result.stderr) == (2, True)
    result = CliRunner().invoke(main, ["export", "x.qs", "--store", store, "--article", "x"])
    assert (result.exit_code, "references of all articles" in result.stderr) == (2, True)
