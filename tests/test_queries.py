from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from endpoint import server  # noqa: F401

from kg.errors import QueryError
from kg.queries import (
    MAX_DEPTH,
    MAX_GROUPS,
    MAX_LENGTH,
    MAX_OPERATORS,
    answer,
    ask,
    bind,
    check,
    find_entity,
    fold,
    load_query,
    parse_query,
    saved_queries,
)
from kg.rdf import ontology_quads
from kg.results import FORMATS, table, write_answer
from kg.store import Graph, Rows, Term, open_graph, text

FIXTURE = Path(__file__).parent / "fixtures" / "questions.trig"
NAMES = [query.name for query in saved_queries()]


def fill(graph: Graph) -> Graph:
    graph.bulk(ontology_quads())
    graph.bulk(ox.parse(path=str(FIXTURE), format=ox.RdfFormat.TRIG))
    return graph


@pytest.fixture(scope="module")
def endpoint(server: str) -> Iterator[Graph]:  # noqa: F811
    with open_graph(server) as opened:
        yield fill(opened)


@pytest.fixture(scope="module")
def graph() -> Iterator[Graph]:
    with open_graph(":memory:") as opened:
        yield fill(opened)


def rows(graph: Graph, name: str, columns: str, **values: str) -> list[tuple[str, ...]]:
    """The named columns of the answer; IRIs without their namespace, joined names in order."""
    found = answer(graph, load_query(name), values)
    assert isinstance(found, Rows)
    wanted = [found.variables.index(column) for column in columns.split()]
    return [tuple(shown(row[number]) for number in wanted) for row in found.rows]


def shown(term: Term | None) -> str:
    bare = re.sub("^https://w3id.org/geopol/[a-z]*[/#]", "", text(term))
    return ", ".join(sorted(bare.split(", ")))


KNOWN: list[tuple[str, dict[str, str], str, list[tuple[str, ...]]]] = [
    ("against-wikidata", {"about": "hmeimim"}, "found relation articleSays claim", [
        ("silent", "host state", "Syria", "a1/c5"),
        ("silent", "operator", "Russia", "a1/c4"),
        ("silent", "operator", "Russia", "a4/c5"),
        ("silent", "operator", "Syria", "a2/c1"),
    ]),
    ("against-wikidata", {"verdict": "differs"}, "found", []),
    ("bases", {}, "base host runBy branch articles", [
        ("Hmeimim Air Base", "Syria", "Russia", "air", "3"),
        ("Hmeimim Air Base", "Syria", "Syria", "", "3"),
    ]),
    ("bases", {"operator": "russia", "lang": "ar"}, "base host runBy", [("قاعدة حميميم", "سوريا", "روسيا")]),
    ("bases", {"state": "turkey"}, "base", []),
    ("requests", {}, "who whom what about standing claim", [
        ("Ahmed al-Sharaa", "Russia", "hand-over or extradition", "Bashar al-Assad", "stated", "a1/c2"),
    ]),
    ("requests", {"asked": "روسيا", "lang": "ar"}, "who whom about", [("أحمد الشرع", "روسيا", "بشار الأسد")]),
    ("requests", {"asked": "syria"}, "who", []),
    ("requests", {"asker": "sharaa"}, "quote", [("وطلب من روسيا تسليم الأسد",)]),
    ("prospects", {}, "claim modality who", [
        ("a4/c2", "planned", "Vladimir Putin"),
        ("a1/c3", "requested", "Russia"),
    ]),
    ("prospects", {"actor": "russia"}, "claim speaker", [("a1/c3", "Ahmed al-Sharaa")]),
    ("said-by", {"speaker": "Turkey"}, "claim act who whom", [
        ("a2/c4", "attack", "Russia", ""),
        ("a2/c5", "has a military presence in", "Russia", "Syria"),
    ]),
    ("claims", {"entity": "assad"}, "claim who modality", [
        ("a3/c5", "Bashar al-Assad", "asserted"),
        ("a1/c3", "Russia", "requested"),
    ]),
    ("timeline", {"party": "syria"}, "when dated act standing claim", [
        ("2025-10-15", "article", "hand-over or extradition", "not yet or not at all", "a1/c3"),
        ("2025-10-30", "event", "signing", "happened", "a3/c2"),
        ("2025-11-02", "article", "visit", "not yet or not at all", "a4/c2"),
    ]),
    ("timeline", {"party": "syria", "from": "2025-10-20", "until": "2025-11-01"}, "claim", [("a3/c2",)]),
    ("agreements", {}, "name parties act standing date claim", [
        ("the port deal", "Russia, Syria", "party", "stated", "", "a3/c1"),
        ("the port deal", "Russia, Syria", "signing", "stated", "2025-10-30", "a3/c2"),
        ("the port deal", "Russia, Syria", "signing", "stated", "2025-10-31", "a4/c1"),
    ]),
    ("agreements", {"party": "turkey"}, "name", []),
    ("agreements", {"party": "syria", "agreement": "the port deal", "lang": "ar"}, "parties claim", [
        ("روسيا, سوريا", "a3/c1"), ("روسيا, سوريا", "a3/c2"), ("روسيا, سوريا", "a4/c1"),
    ]),
    ("contradictions", {}, "kind name firstClaim secondClaim", [
        ("said and denied", "Ahmed al-Sharaa", "a1/c1", "a2/c2"),
        ("said and denied", "Russia", "a2/c4", "a4/c4"),
        ("two dates of one signing", "the port deal", "a3/c2", "a4/c1"),
        ("two operators", "Hmeimim Air Base", "a1/c4", "a2/c1"),
    ]),
    ("contradictions", {"about": "hmeimim"}, "first second", [
        ("وتدير روسيا قاعدة حميميم في سوريا", "Syria now runs Hmeimim"),
    ]),
    ("visits", {}, "guest hostName date standing claim", [
        ("Ahmed al-Sharaa", "Russia", "2025-10-15", "happened", "a1/c1"),
    ]),
    ("visits", {"host": "syria"}, "guest", []),
    ("presence", {}, "forcesOf in standing speaker articles claim", [
        ("Turkey", "Syria", "stated", "", "1", "a5/c2"),
        ("Russia", "Syria", "on somebody's word", "Turkey", "1", "a2/c5"),
    ]),
    ("presence", {"whose": "turkey"}, "standing", [("stated",)]),
    ("network", {}, "source target weight types", [
        ("Russia", "Syria", "1", "sign"),
        ("Russia", "Turkey", "1", "meeting"),
        ("Turkey", "Russia", "1", "accuse"),
    ]),
    ("network", {"state": "syria", "lang": "ar"}, "source target", [("روسيا", "سوريا")]),
    ("unsupported", {}, "subject", []),
    ("leaders", {}, "holder post state standing articles newest", [
        ("Vladimir Putin", "head of state", "Russia", "in office", "1", "2025-10-15"),
        ("Bashar al-Assad", "head of state", "Syria", "former", "1", "2025-11-01"),
    ]),
    ("leaders", {"office": "minister"}, "holder", []),
    ("leaders", {"office": "headOfState", "of": "syria", "lang": "ar"}, "holder post", [("بشار الأسد", "رئيس الدولة")]),
    ("denials", {}, "claim act negated", [
        ("a4/c3", "rejection", "false"),
        ("a4/c4", "attack", "true"),
        ("a2/c2", "visit", "true"),
    ]),
    ("denials", {"party": "sharaa"}, "claim", [("a2/c2",)]),
    ("allegations", {}, "who whom what standing claim", [("Turkey", "Russia", "attack", "stated", "a2/c3")]),
    ("allegations", {"accused": "turkey"}, "who", []),
    ("memberships", {}, "who relation whom standing articles", [
        ("Russia", "allied with", "Syria", "stated", "1"),
        ("Turkey", "member of", "NATO", "stated", "1"),
    ]),
    ("memberships", {"party": "nato"}, "who", [("Turkey",)]),
    ("explain", {"subject": "hmeimim", "relation": "operator", "object": "russia"}, "claim quote", [
        ("a4/c5", "Russia's Hmeimim base"),
        ("a1/c4", "وتدير روسيا قاعدة حميميم في سوريا"),
    ]),
    ("articles", {}, "id claims", [("four", "5"), ("three", "5"), ("two", "5"), ("one", "6"), ("five", "2")]),
    ("mentions", {"entity": "russia"}, "words articles example", [
        ("الروسي", "1", "one"), ("روسيا", "1", "one"), ("موسكو", "1", "one"),
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "values", "columns", "expected"), KNOWN)
def test_a_saved_question_has_the_known_answer(
    graph: Graph, name: str, values: dict[str, str], columns: str, expected: list[tuple[str, ...]]
) -> None:
    assert rows(graph, name, columns, **values) == expected


def test_an_endpoint_gives_the_same_answers(graph: Graph, endpoint: Graph) -> None:
    for name, values, columns, expected in KNOWN:
        assert rows(endpoint, name, columns, **values) == expected, name


def test_a_request_for_nothing_in_particular_has_no_content_of_others(graph: Graph) -> None:
    with open_graph(":memory:") as open_ended:
        fill(open_ended)
        gp, event = "https://w3id.org/geopol/ns#", "https://w3id.org/geopol/article/a1/c2/event"
        content = ox.NamedNode("https://w3id.org/geopol/article/a1/c3/event")
        article = ox.NamedNode("https://w3id.org/geopol/article/a1")
        link = ox.Quad(ox.NamedNode(event), ox.NamedNode(gp + "content"), content, article)
        kept = [quad for quad in open_ended.quads(article) if quad != link]
        open_ended.replace(article, kept)
        assert rows(open_ended, "requests", "who what about") == [("Ahmed al-Sharaa", "", "")]


def test_every_saved_question_has_a_known_answer() -> None:
    assert {known[0] for known in KNOWN} == set(NAMES)
    assert len(NAMES) >= 16


@pytest.mark.parametrize("name", NAMES)
def test_a_saved_question_says_in_both_languages_what_it_asks(name: str) -> None:
    query = load_query(name)
    assert set(query.title) == set(query.description) == {"en", "ar"}
    assert all(set(parameter.descriptions) == {"en", "ar"} for parameter in query.parameters)


@pytest.mark.parametrize("name", NAMES)
def test_a_saved_question_projects_each_parameter_and_passes_the_guard(name: str) -> None:
    query = load_query(name)
    check(query.sparql)
    head = query.sparql[query.sparql.index("SELECT") : query.sparql.index("WHERE")]
    assert all(f"?{parameter.name} " in head for parameter in query.parameters)


@pytest.mark.parametrize("name", NAMES)
def test_no_graph_group_holds_what_the_engine_answers_wrongly(name: str) -> None:
    groups = re.findall(r"GRAPH [?\w:]+ \{((?:[^{}]|\{[^{}]*\})*)\}", load_query(name).sparql)
    assert not [group for group in groups if re.search(r"\b(SELECT|VALUES|BIND|MINUS)\b", group)]


def test_an_edge_without_a_fact_behind_it_is_found(graph: Graph) -> None:
    with open_graph(":memory:") as broken:
        fill(broken)
        russia, turkey = (ox.NamedNode("https://w3id.org/geopol/id/" + key) for key in ("russia", "turkey"))
        for predicate, subject, article in (
            ("militaryPresenceIn", russia, "a2"),  # only on the word of Turkey
            ("operator", russia, "a3"),  # no claim at all
        ):
            edge = ox.Quad(
                subject,
                ox.NamedNode("https://w3id.org/geopol/ns#" + predicate),
                ox.NamedNode("https://w3id.org/geopol/id/syria") if article == "a2" else turkey,
                ox.NamedNode("https://w3id.org/geopol/article/" + article),
            )
            broken.bulk([edge])
        assert rows(broken, "unsupported", "relation article") == [
            ("militaryPresenceIn", "a2"),
            ("operator", "a3"),
        ]


def test_a_name_shared_by_many_articles_does_not_multiply_rows(graph: Graph) -> None:
    with open_graph(":memory:") as crowded:
        fill(crowded)
        deal = ox.NamedNode("https://w3id.org/geopol/id/x-deal")
        label = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
        crowded.bulk(
            ox.Quad(
                deal,
                label,
                ox.Literal("the port deal", language="en"),
                ox.NamedNode(f"urn:{number}"),
            )
            for number in range(50)
        )
        for name in ("agreements", "contradictions"):
            assert rows(crowded, name, "name") == rows(graph, name, "name")
        assert rows(crowded, "claims", "claim", entity="x-deal") == rows(graph, "claims", "claim", entity="x-deal")


# Parameters


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ("russia", "russia"),
        ("id:russia", "russia"),
        ("https://w3id.org/geopol/id/russia", "russia"),
        ("<https://w3id.org/geopol/id/russia>", "russia"),
        ("RUSSIA", "russia"),
        ("روسيا", "russia"),
        ("احمد الشرع", "sharaa"),  # without hamza
        ("Hmeimim Air-Base", "hmeimim"),
        ("x-deal", "x-deal"),
    ],
)
def test_an_entity_is_found_by_key_iri_or_name(graph: Graph, given: str, key: str) -> None:
    assert find_entity(graph, given).value == "https://w3id.org/geopol/id/" + key


def test_an_unknown_name_comes_with_near_ones(graph: Graph) -> None:
    with pytest.raises(QueryError, match="nobody in the store is called 'Rusia'; did you mean Russia"):
        find_entity(graph, "Rusia")
    with pytest.raises(QueryError, match=r"nobody .* give a key"):
        find_entity(graph, 'qqqq " } UNION { ?s ?p ?o')


def test_a_name_of_several_lists_their_keys() -> None:
    with open_graph(":memory:") as graph:
        fill(graph)
        label = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
        other = ox.NamedNode("https://w3id.org/geopol/id/tripoli-lb")
        graph.bulk(
            ox.Quad(
                other if n else ox.NamedNode(other.value[:-3]),
                label,
                ox.Literal("Tripoli"),
                ox.NamedNode("urn:g"),
            )
            for n in range(2)
        )
        with pytest.raises(QueryError, match="may mean several: id:tripoli, id:tripoli-lb; give one"):
            find_entity(graph, "Tripoli")


@pytest.mark.parametrize(
    ("name", "values", "said"),
    [
        ("timeline", {}, "timeline: needs party, whose timeline; add --param party="),
        ("timeline", {"partie": "syria"}, "timeline: no parameter 'partie'; did you mean 'party'"),
        ("timeline", {"party": "syria", "from": "yesterday"}, "from: 'yesterday' is no date; write YYYY-MM-DD"),
        ("timeline", {"party": "syria", "lang": "fr"}, "lang: 'fr' has no names; choose en or ar"),
        ("explain", {"subject": "syria", "relation": "operater", "object": "syria"}, "relation: .*operater.*operator"),
        ("articles", {"x": "1"}, "articles: no parameter 'x'; it takes none"),
    ],
)  # fmt: skip
def test_a_wrong_parameter_says_how_to_mend_it(graph: Graph, name: str, values: dict[str, str], said: str) -> None:
    with pytest.raises(QueryError, match=said):
        bind(graph, load_query(name), values)


def test_parameters_of_all_types_become_terms(graph: Graph, tmp_path: Path) -> None:
    path = tmp_path / "own.rq"
    types = 'n integer 5|t text optional|e eventType|d date "2025-01-01"'
    head = "\n".join("# param: " + line.replace(" 5", ' "5"') + " about it" for line in types.split("|"))
    path.write_text(f"{head}\nSELECT ?n ?t ?e ?d WHERE {{}}", encoding="utf-8")
    bound = bind(graph, parse_query(path), {"e": "visit", "t": 'it\'s "so"'})
    assert {name: str(term) for name, term in bound.items()} == {
        "n": '"5"^^<http://www.w3.org/2001/XMLSchema#integer>',
        "t": '"it\'s \\"so\\""',
        "e": "<https://w3id.org/geopol/event-type/visit>",
        "d": '"2025-01-01"^^<http://www.w3.org/2001/XMLSchema#date>',
    }
    with pytest.raises(QueryError, match="'five' is no whole number"):
        bind(graph, parse_query(path), {"e": "visit", "n": "five"})


def test_an_unknown_question_comes_with_a_suggestion() -> None:
    with pytest.raises(QueryError, match="no question 'base'; did you mean 'bases'"):
        load_query("base")


def test_a_file_that_is_no_question_says_so(tmp_path: Path) -> None:
    data = tmp_path / "data.ttl"
    data.write_text("@prefix : <urn:> . :a :b :c .", encoding="utf-8")
    with pytest.raises(QueryError, match="RDF data and no query"):
        parse_query(data)
    with pytest.raises(QueryError, match="cannot be read"):
        parse_query(tmp_path / "none.rq")
    (tmp_path / "bad.rq").write_bytes(b"SELECT \xff")
    with pytest.raises(QueryError, match="not UTF-8"):
        parse_query(tmp_path / "bad.rq")
    (tmp_path / "head.rq").write_text("# param: x colour\nSELECT * {}", encoding="utf-8")
    with pytest.raises(QueryError, match=r"head.rq:1: write .# param: name type"):
        parse_query(tmp_path / "head.rq")


def test_names_are_compared_without_marks_case_and_hamza() -> None:
    assert fold("أَحْمَد") == fold("احمد")
    assert fold("  Élysée\u200f Palace ") == fold("elysee palace")


# The guard


@pytest.mark.parametrize(
    ("sparql", "said"),
    [
        ("DELETE WHERE { ?s ?p ?o }", "DELETE changes the store"),
        ("PREFIX a: <urn:a> insert data { a:b a:c a:d }", "INSERT changes the store"),
        ("LOAD <http://localhost/x>", "LOAD changes the store"),
        ("WITH <urn:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }", "WITH changes the store"),
        ("SELECT * { SERVICE <http://localhost/> { ?s ?p ?o } }", "SERVICE asks another server"),
        ("SELECT * { service silent ?x { ?s ?p ?o } }", "SERVICE asks"),
        ("SELECT * { \\u0053ERVICE <http://localhost/> { ?s ?p ?o } }", "SERVICE asks"),
        ("SELECT * { ?s <urn:a> 'x\\'' SERVICE <urn:x> {} }", "SERVICE asks"),
        ("PREFIX e: <urn:a#> SELECT * { ?s e:a\\# ?o . SERVICE <urn:x> {} }", "SERVICE asks"),
        ("SELECT * { ?s ?p '''a''b''' SERVICE <urn:x> {} }", "SERVICE asks"),
        ("@prefix a: <urn:a> . a:b a:c a:d .", "Turtle data and no query"),
        ("# a comment\n\n@prefix a: <urn:a> .", "Turtle data and no query"),
        ("<urn:a> <urn:b> <urn:c> .", "no query: it begins with SELECT"),
        ("", "no query"),
        ("SELECT * " + "{" * 4000 + "}" * 4000, f"more than {MAX_DEPTH} deep"),
        ("ASK { FILTER(" + "(" * 4000 + "1" + ")" * 4000 + ") }", f"more than {MAX_DEPTH} deep"),
        ("ASK { " + "OPTIONAL {?s ?p ?o} " * 3000 + "}", f"more than {MAX_GROUPS} groups"),
        ("ASK { " + "BIND(1 AS ?x) " * 3000 + "}", f"more than {MAX_GROUPS} groups"),
        ("ASK { FILTER(" + "!" * 20000 + "true) }", f"{MAX_OPERATORS} operators"),
        ("ASK { " + " " * MAX_LENGTH + "}", "characters"),
    ],
)  # fmt: skip
def test_the_guard_refuses(sparql: str, said: str) -> None:
    with pytest.raises(QueryError, match=said):
        check(sparql)


@pytest.mark.parametrize(
    "sparql",
    [
        "SELECT * { ?s ?p 'SERVICE <urn:x> {' } # SERVICE { LOAD",
        "SELECT ?service ?load { ?service ?load <urn:SERVICE> }",
        'PREFIX service: <urn:s> SELECT * { service:load ?p """a "quoted" {{{""" }',
        "ASK { FILTER(?a < 5 && ?b > 3) }",
        "BASE <urn:x> PREFIX a: <urn:a#> construct { ?s a:x ?o } { ?s a:y ?o }",
        "DESCRIBE <urn:x>",
    ],
)
def test_the_guard_lets_plain_questions_pass(graph: Graph, sparql: str) -> None:
    ask(graph, sparql)


@pytest.mark.parametrize(
    "part",
    [
        "OPTIONAL {?s ?p ?o} " * (MAX_GROUPS - 1),
        "BIND(1 AS ?x1) " + "MINUS {?s ?p ?o} " * (MAX_GROUPS - 3),
        "FILTER(" + "!" * (MAX_OPERATORS - 1) + "true)",
        "FILTER(1" + "+1" * (MAX_OPERATORS - 1) + ">0)",
        "{" * (MAX_DEPTH - 1) + "}" * (MAX_DEPTH - 1),
        "FILTER" + "(" * (MAX_DEPTH - 1) + "1" + ")" * (MAX_DEPTH - 1),
    ],
)
def test_what_the_guard_lets_pass_does_not_break_the_engine(part: str) -> None:
    program = "import sys, kg.queries, kg.store as s; kg.queries.ask(s.open_graph(':memory:'), sys.stdin.read())"
    run = subprocess.run([sys.executable, "-c", program], input=f"ASK {{ {part} }}", text=True, capture_output=True)
    assert (run.returncode, run.stderr) == (0, "")


# Answers


def written(graph: Graph, form: str, sparql: str) -> str:
    out = io.StringIO()
    write_answer(ask(graph, sparql), form, out)
    return out.getvalue()


NASTY = 'SELECT ?a ?b ?c WHERE { VALUES (?a ?b ?c) { (<urn:a> "tab\\t\\"quote\\",\\n<b>"@ar-SY UNDEF) (1 true "x") } }'


@pytest.mark.parametrize(
    ("form", "results"),
    [
        ("json", ox.QueryResultsFormat.JSON),
        ("xml", ox.QueryResultsFormat.XML),
        ("tsv", ox.QueryResultsFormat.TSV),
    ],
)
def test_machine_formats_read_back_to_the_same_terms(graph: Graph, form: str, results: ox.QueryResultsFormat) -> None:
    found = ox.parse_query_results(written(graph, form, NASTY), results)
    expected = ask(graph, NASTY)
    assert isinstance(found, ox.QuerySolutions)
    assert isinstance(expected, Rows)
    assert [tuple(row[name] for name in "abc") for row in found] == list(expected.rows)


def test_csv_has_plain_values(graph: Graph) -> None:
    assert written(graph, "csv", NASTY) == 'a,b,c\r\nurn:a,"tab\t""quote"",\n<b>",\r\n1,true,x\r\n'


def test_a_yes_or_no_question_has_an_answer_in_each_format(graph: Graph) -> None:
    assert written(graph, "table", "ASK {}") == written(graph, "csv", "ASK {}") == "true\n"
    assert json.loads(written(graph, "json", "ASK { <urn:x> ?p ?o }"))["boolean"] is False
    assert "<boolean>true</boolean>" in written(graph, "xml", "ASK {}")


def test_triples_are_written_as_turtle_and_nothing_else(graph: Graph) -> None:
    construct = "PREFIX gp: <https://w3id.org/geopol/ns#> CONSTRUCT WHERE { ?s gp:memberOf ?o }"
    assert written(graph, "turtle", construct).endswith("id:turkey gp:memberOf id:nato .\n")
    with pytest.raises(QueryError, match="answers with triples, which csv cannot hold"):
        written(graph, "csv", construct)
    with pytest.raises(QueryError, match="turtle holds triples"):
        written(graph, "turtle", "SELECT * {}")
    with pytest.raises(QueryError, match="no format 'pdf'; choose one of"):
        written(graph, "pdf", "SELECT * {}")
    assert "turtle" in FORMATS


def test_a_table_isolates_arabic_and_aligns_by_what_is_seen(graph: Graph) -> None:
    found = answer(graph, load_query("network"), {"lang": "ar", "state": "syria"})
    assert isinstance(found, Rows)
    without_claim = Rows(found.variables[:4], (row[:4] for row in found.rows))
    assert list(table(without_claim)) == [
        "source  target  weight  types",
        "──────  ──────  ──────  ─────",
        "\u2068روسيا\u2069   \u2068سوريا\u2069   1       sign",
        "(1 row)",
    ]


def test_a_long_cell_is_cut(graph: Graph) -> None:
    found = ask(graph, 'SELECT ?x WHERE { VALUES ?x { "abcdefghij" } }')
    assert isinstance(found, Rows)
    assert list(table(found, cell=5))[2] == "abcd…"


def test_columns_without_room_stand_below_their_row() -> None:
    heads = ("who", "quote", "negated", "claim")
    values = ("Russia", "a long quotation of the article", "false", "c1")
    found = Rows(heads, iter([tuple(ox.Literal(value) for value in values)]))
    assert list(table(found, columns=30)) == [
        "who",
        "──────",
        "Russia",
        "    quote: a long quotation of the article",
        "    claim: c1",
        "(1 row)",
    ]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        (
            "SELECT ?e { ?e gp:eventType",
            "the query cannot be read: line 1, column 28, at its end, where something is missing",
        ),
        ("SELECT ?e {\n ?e gp:x ]", "the query cannot be read: line 2, column 10, before ']'"),
        ("SELECT ?e { ?e foo:x ?y }", "the query cannot be read: no prefix 'foo:'; add PREFIX foo: <…>"),
    ],
)
def test_a_query_with_a_mistake_is_refused_in_one_line_with_its_place(graph: Graph, query: str, sentence: str) -> None:
    with pytest.raises(QueryError) as caught:
        ask(graph, query)
    assert str(caught.value) == sentence


def test_the_prefixes_of_the_graph_need_no_declaration(graph: Graph) -> None:
    assert ask(graph, "ASK { ?claim gp:states ?e . ?e gp:eventType ev:visit }") is True
