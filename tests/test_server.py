"""`kg serve`: the protocol, formats, headers and who may ask, over a real server on loopback."""

from __future__ import annotations

import base64
import csv
import gzip
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import pyoxigraph as ox
import pytest
from click.testing import CliRunner
from served import Served, fill, serving

from kg.commands import main
from kg.rdf import ART

RUSSIA = "SELECT ?name WHERE { id:russia rdfs:label ?name } ORDER BY ?name"
EDGES = "CONSTRUCT WHERE { id:russia gp:alliedWith ?other }"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill(tmp_path_factory.mktemp("served") / "news.kg")


@pytest.fixture(scope="module")
def server(store: Path) -> Iterator[Served]:
    with serving(store, "--workers", "2") as served:
        yield served


def test_a_query_by_get_is_answered_over_the_union_of_all_graphs(server: Served) -> None:
    told = server.query(RUSSIA)
    assert (told.status, told.headers["content-type"]) == (200, "application/sparql-results+json")
    assert [row["name"]["value"] for row in json.loads(told.body)["results"]["bindings"]] == ["Russia", "روسيا"]


@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        (FORM, urlencode({"query": RUSSIA}).encode()),
        ("application/sparql-query", RUSSIA.encode()),
        ("application/sparql-query; charset=UTF-8", RUSSIA.encode()),
    ],
)
def test_a_query_by_post_is_answered(server: Served, media_type: str, body: bytes) -> None:
    told = server.ask("/sparql", "POST", body, Content_Type=media_type, Accept="text/csv")
    assert (told.status, told.text) == (200, "name\r\nRussia\r\nروسيا\r\n")


@pytest.mark.parametrize("form", ["json", "xml", "csv", "tsv"])
def test_rows_come_in_four_formats_by_parameter_and_by_accept(server: Served, form: str) -> None:
    by_name = server.ask(f"/sparql?format={form}&query={quote(RUSSIA)}")
    by_type = server.query(RUSSIA, Accept=by_name.headers["content-type"].split(";")[0])
    assert by_name.status == 200
    assert by_name.body == by_type.body
    if form == "csv":
        found = [row[0] for row in csv.reader(io.StringIO(by_name.text))][1:]
    else:
        parsed = ox.parse_query_results(by_name.body, getattr(ox.QueryResultsFormat, form.upper()))
        assert isinstance(parsed, ox.QuerySolutions)
        found = [row["name"].value for row in parsed]
    assert found == ["Russia", "روسيا"]


@pytest.mark.parametrize("form", ["turtle", "ntriples", "jsonld", "rdfxml", "trig", "nquads"])
def test_triples_come_in_six_formats_by_parameter_and_by_accept(server: Served, form: str) -> None:
    by_name = server.ask(f"/sparql?format={form}&query={quote(EDGES)}")
    media_type = by_name.headers["content-type"].split(";")[0]
    assert server.query(EDGES, Accept=media_type).body == by_name.body
    parsed = ox.parse(by_name.body, ox.RdfFormat.from_media_type(media_type))
    assert {str(quad.predicate) for quad in parsed} == {"<https://w3id.org/geopol/ns#alliedWith>"}


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("*/*", "application/sparql-results+json"),
        ("application/json", "application/json"),
        ("text/csv;q=0.3, application/sparql-results+xml;q=0.8", "application/sparql-results+xml"),
        ("text/*", "text/csv; charset=utf-8"),
        ("application/sparql-results+json;q=0, */*;q=0.1", "application/sparql-results+xml"),
        ("text/turtle, text/csv;q=0.1", "text/csv; charset=utf-8"),
    ],
)
def test_the_format_follows_the_quality_that_the_client_gives(server: Served, accept: str, media_type: str) -> None:
    assert server.query(RUSSIA, Accept=accept).headers["content-type"] == media_type


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/sparql?query=", 400, "begins with SELECT"),
        ("/sparql?query=SELECT", 400, "cannot be read"),
        ("/sparql?query=ASK%7B%7D&query=ASK%7B%7D", 400, "2 queries"),
        ("/sparql?query=%FF", 400, "not UTF-8"),
        ("/sparql?query=ASK%7B%7D&format=turtle", 406, "not to be had"),
        ("/sparql?query=ASK%7B%7D&default-graph-uri=no%20iri", 400, "no IRI"),
        ("/sparql?update=CLEAR%20ALL", 403, "only reads"),
        ("/sparql?query=CLEAR%20ALL", 400, "CLEAR changes"),
        ("/sparql?query=SELECT*%7BSERVICE%3Chttp://127.0.0.1:1/%3E%7B%7D%7D", 400, "SERVICE"),
        ("/store?graph=http://example.org/none", 404, "no graph"),
        ("/store?graph=", 400, "names no graph"),
        ("/store?default&graph=http://e/", 400, "one graph"),
        ("/static/none.css", 404, "no such file"),
        ("/static/..%2F..%2Fanswer.py", 404, "no such file"),
    ],
)
def test_what_cannot_be_answered_is_told_in_one_sentence(server: Served, path: str, status: int, words: str) -> None:
    told = server.ask(path)
    assert (told.status, told.headers["content-type"]) == (status, "text/plain; charset=utf-8")
    assert words in told.text
    assert told.text.count("\n") == 1


@pytest.mark.parametrize(
    ("method", "media_type", "body", "status"),
    [
        ("PUT", FORM, b"query=ASK%7B%7D", 405),
        ("DELETE", "", b"", 405),
        ("POST", "text/plain", b"query=ASK%7B%7D", 415),
        ("POST", "application/sparql-query; charset=utf-16", "ASK {}".encode("utf-16"), 415),
        ("POST", "application/sparql-query", "ASK {}".encode("utf-16"), 400),
        ("POST", FORM, b"", 400),
        ("POST", FORM, b"update=CLEAR+ALL", 403),
        ("POST", "application/sparql-update", b"CLEAR ALL", 403),
        ("POST", "application/sparql-query", b"#" * 100_001, 413),
        ("POST", "application/sparql-query", b"#" * 2_000_001, 413),
    ],
)
def test_a_wrong_method_or_body_is_refused(
    server: Served, method: str, media_type: str, body: bytes, status: int
) -> None:
    headers = {"Content_Type": media_type} if media_type else {}
    assert server.ask("/sparql", method, body, **headers).status == status


def test_the_dataset_of_the_request_goes_before_that_of_the_query(server: Served) -> None:
    def ask(sparql: str, **graphs: str) -> bool:
        names = urlencode({name.replace("_", "-"): f"https://w3id.org/geopol/ns#{key}" for name, key in graphs.items()})
        found = json.loads(server.ask(f"/sparql?query={quote(sparql)}&{names}").body)["boolean"]
        assert isinstance(found, bool)
        return found

    label = "ASK { id:russia rdfs:label ?name }"
    assert ask(label)
    assert ask(label, default_graph_uri="world")
    assert not ask(label, default_graph_uri="ontology")
    assert not ask(label, named_graph_uri="world")
    assert ask("ASK { GRAPH ?g { id:russia rdfs:label ?name } }", named_graph_uri="world")
    assert not ask("ASK FROM gp:ontology { id:russia rdfs:label ?name }")
    assert ask("ASK FROM gp:ontology { id:russia rdfs:label ?name }", default_graph_uri="world")


def test_a_relative_iri_is_one_of_ours(server: Served) -> None:
    assert json.loads(server.query("ASK { <id/russia> rdfs:label ?name }").body)["boolean"] is True


def test_without_a_query_the_endpoint_describes_itself_and_leads_a_browser_to_the_editor(server: Served) -> None:
    told = server.ask("/sparql", Accept="text/turtle")
    facts = {
        (quad.predicate.value.partition("#")[2], str(quad.object)) for quad in ox.parse(told.body, ox.RdfFormat.TURTLE)
    }
    sd = "http://www.w3.org/ns/sparql-service-description#"
    assert ("endpoint", f"<{server.address}/sparql>") in facts
    assert ("feature", f"<{sd}UnionDefaultGraph>") in facts
    browser = server.ask("/sparql", Accept="text/html,application/xhtml+xml,*/*;q=0.8")
    assert (browser.status, browser.headers["location"]) == (303, "/editor")


def test_the_graph_store_gives_one_graph_the_union_and_everything(server: Served) -> None:
    article = next(ox.parse(server.ask("/store?format=nquads").body, ox.RdfFormat.N_QUADS)).graph_name
    named = server.ask(f"/store?graph={quote('https://w3id.org/geopol/ns#world')}", Accept="application/n-triples")
    union = server.ask("/store?default", Accept="application/n-triples")
    assert article != ox.DefaultGraph()
    assert len(named.body.splitlines()) < len(union.body.splitlines())
    assert set(named.body.splitlines()) < set(union.body.splitlines())
    assert server.ask("/store", "PUT", b"").status == 405


def test_an_article_comes_as_its_graph_and_an_entity_as_what_is_said_of_it(server: Served) -> None:
    iri = re.search(rf"{ART}[0-9a-f]+", server.ask("/store?format=nquads").text)
    assert iri is not None
    path = iri[0].removeprefix("https://w3id.org/geopol")
    article = server.ask(path, Accept="application/n-triples").body.splitlines()
    assert sorted(article) == sorted(server.ask(f"/store?graph={quote(iri[0])}&format=nt").body.splitlines())
    entity = server.ask("/id/russia?format=turtle")
    assert entity.headers["content-type"] == "text/turtle; charset=utf-8"
    assert 'rdfs:label "Russia"@en' in entity.text
    assert server.ask("/id/nobody", Accept="text/turtle").status == 404
    claim = server.ask(f"{path}/c1", Accept="text/turtle").text
    assert "gp:evidence" in claim
    assert "oa:exact" in claim


def test_a_browser_gets_html_in_its_language_and_keeps_the_one_it_chose(server: Served) -> None:
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    assert '<html lang="en" dir="ltr">' in server.ask("/", Accept=browser).text
    assert (
        '<html lang="ar" dir="rtl">'
        in server.ask("/", Accept=browser, Accept_Language="de, ar-SY;q=0.9, en;q=0.2").text
    )
    chosen = server.ask("/?lang=ar")
    assert '<html lang="ar" dir="rtl">' in chosen.text
    cookie = chosen.headers["set-cookie"].split(";")[0]
    assert '<html lang="ar" dir="rtl">' in server.ask("/", Cookie=cookie, Accept_Language="en").text


@pytest.mark.parametrize("kind", [FORM, "multipart/form-data"])
def test_a_pasted_article_is_read_at_once(server: Served, kind: str) -> None:
    words = "طلب الشرع من موسكو تسليم بشار الأسد."
    if kind == FORM:
        media_type, body = FORM, urlencode({"text": words, "text-lang": "ar"}).encode()
    else:
        media_type = f"{kind}; boundary=cut"
        head = '--cut\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
        body = f"{head}{words}\r\n--cut--\r\n".encode()
    assert 'name="text"' in server.ask("/read").text
    told = server.ask("/read", "POST", body, Content_Type=media_type)
    assert told.status == 200
    assert words in told.text
    assert "extradite" in told.text or "extradition" in told.text


@pytest.mark.parametrize(
    ("media_type", "body", "status"),
    [
        ("text/plain", b"text", 415),
        ("multipart/form-data", b"--x", 400),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\n\xff\r\n--x--',
            400,
        ),
        (FORM, b"text=", 422),
    ],
)
def test_a_form_that_is_none_is_refused(server: Served, media_type: str, body: bytes, status: int) -> None:
    assert server.ask("/read", "POST", body, Content_Type=media_type).status == status


def test_an_unknown_page_is_a_page(server: Served) -> None:
    told = server.ask("/nowhere")
    assert (told.status, told.headers["content-type"]) == (404, "text/html; charset=utf-8")


def test_a_head_tells_what_a_get_would(server: Served) -> None:
    for path in (f"/sparql?query={quote(RUSSIA)}", "/", "/id/russia?format=turtle", "/store?default"):
        got, head = server.ask(path), server.ask(path, "HEAD")
        assert (head.status, head.body) == (200, b"")
        assert {**head.headers, "date": ""} == {**got.headers, "date": ""}


def test_a_long_answer_is_compressed_for_who_takes_it(server: Served) -> None:
    plain, packed = server.ask("/store?default"), server.ask("/store?default", Accept_Encoding="br, gzip;q=0.5")
    assert packed.headers["content-encoding"] == "gzip"
    assert sorted(gzip.decompress(packed.body).splitlines()) == sorted(plain.body.splitlines())
    assert "content-encoding" not in server.ask("/store?default", Accept_Encoding="gzip;q=0").headers


def test_who_has_the_answer_already_is_told_so(server: Served) -> None:
    for path in (f"/sparql?query={quote(RUSSIA)}", "/", "/static/style.css"):
        tag = server.ask(path).headers["etag"]
        again = server.ask(path, If_None_Match=f'"other", {tag}')
        assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag)


def test_every_answer_carries_the_security_headers(server: Served) -> None:
    for path in ("/", "/sparql?query=x", "/static/style.css", "/health"):
        headers = server.ask(path).headers
        assert "default-src 'self'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"


def test_a_static_file_is_kept_for_good_where_its_address_names_its_content(server: Served) -> None:
    told = server.ask("/static/style.css")
    assert told.headers["content-type"] == "text/css; charset=utf-8"
    assert told.headers["cache-control"] == "no-cache"
    digest = told.headers["etag"].strip('"')
    assert "immutable" in server.ask(f"/static/style.css?v={digest}").headers["cache-control"]


def test_pages_of_this_machine_may_read_the_endpoint_and_others_may_not(server: Served) -> None:
    allowed = "access-control-allow-origin"
    local = server.query(RUSSIA, Origin="http://localhost:3000")
    assert local.headers[allowed] == "http://localhost:3000"
    for origin in ("https://evil.example", "http://localhost.evil.example", "null"):
        assert allowed not in server.query(RUSSIA, Origin=origin).headers
    assert allowed not in server.ask("/", Origin="http://localhost:3000").headers
    preflight = server.ask("/sparql", "OPTIONS", Origin="http://localhost:3000", Access_Control_Request_Method="POST")
    assert (preflight.status, preflight.headers[allowed]) == (204, "http://localhost:3000")
    assert "POST" in preflight.headers["access-control-allow-methods"]


def test_a_name_that_is_not_ours_is_refused(server: Served) -> None:
    for host in ("evil.example", f"evil.example:{server.port}", ""):
        assert server.ask("/", Host=host).status == 421
    assert server.ask("/", Host=f"localhost:{server.port}").status == 200


def test_with_a_token_only_who_has_it_is_answered(store: Path) -> None:
    token = "a token of some length"
    password = base64.b64encode(f"anyone:{token}".encode()).decode()
    options = ("--workers", "1", "--allowed-host", "graph.example.org", "--cors", "*")
    with serving(store, *options, token=token) as served:
        assert served.query(RUSSIA).status == 401
        assert served.query(RUSSIA, Authorization="Bearer wrong").status == 401
        assert served.query(RUSSIA, Authorization="Basic !").status == 401
        assert served.ask("/").headers["www-authenticate"].startswith("Bearer")
        assert served.query(RUSSIA, Authorization=f"Bearer {token}").status == 200
        assert served.query(RUSSIA, Authorization=f"Basic {password}").status == 200
        assert served.ask("/health").status == 200
        told = served.ask("/", Authorization=f"Bearer {token}", Host="graph.example.org")
        assert told.status == 200
        told = served.query(RUSSIA, Authorization=f"Bearer {token}", Origin="https://any.example")
        assert told.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--host", "0.0.0.0"], "give a token"),
        (["--token-file", "missing.txt"], "cannot be read"),
        (["--store", "http://127.0.0.1:1/"], "kg serves a folder"),
        (["--store", "missing.kg"], "no store here"),
        (["--host", "192.0.2.1", "--token-file", "{token}"], "cannot listen"),
        (["--token-file", "{short}"], "16 or more"),
    ],
)
def test_a_server_that_cannot_start_says_why(store: Path, tmp_path: Path, options: list[str], words: str) -> None:
    (tmp_path / "token").write_text("0123456789abcdef\n", encoding="utf-8")
    (tmp_path / "short").write_text("short\n", encoding="utf-8")
    given = [option.format(token=tmp_path / "token", short=tmp_path / "short") for option in options]
    result = CliRunner().invoke(main, ["serve", "--store", str(store), "--port", "0", *given])
    assert result.exit_code in (1, 2)
    assert words in result.output
