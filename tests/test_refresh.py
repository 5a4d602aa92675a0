"""World data beside a live endpoint: what differs is shown, and written only on request, character by character."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from click.testing import CliRunner, Result
from endpoint import server  # noqa: F401
from wikidata import PQ, PS, WD, WDT, Door, Entry, P, door, fill

from kg.commands import main
from kg.errors import DataError
from kg.seedfiles import Change, file_of, write
from kg.seeds import load_world
from kg.wikidata.cache import Cache
from kg.wikidata.endpoint import Endpoint
from kg.wikidata.refresh import compare
from kg.wikidata.search import Search

# made up, beyond the identifiers that Wikidata has given
KOLBAR, TARVIA, LUNDE, ORSK, POST, MINISTRY, BASE, CITY, MERGED, TARGET, GONE, SAME, SOL, TWIN, FAR = (
    f"Q9200002{n:02}" for n in range(15)
)
STATES = f"""# States of a test.
- id: kolbar   # the first
  en: [Kolbar]
  ar: [كولبار, "كولبار، الجمهورية"]
  qid: {KOLBAR}
  source: [test]

- id: tarvia
  en: [Tarvia]
  qid: {TARVIA}  # found by hand
  posts: {{headOfState: {POST}}}
  source: [test]
- {{id: merged, en: [Merged State], qid: {MERGED}, source: [test]}}
- {{id: gone, en: [Gone State], qid: {GONE}, source: [test]}}
- {{id: same, en: [Same], qid: {SAME}, source: [test]}}
"""
LEADERS = f"""# People.
- id: lunde
  en: [Mira Lunde]
  qid: {LUNDE}
  source: [test]
  offices:
    - {{office: headOfState, of: kolbar, from: 2015-05-07}}   # elected
    - {{office: headOfState, of: tarvia, from: 2010}}
    - {{office: minister, of: kolbar, portfolio: foreign, from: 2001}}
    - {{office: minister, of: kolbar, portfolio: defence, from: 1999}}
- {{id: orsk, en: [Anton Orsk], qid: {ORSK}, source: [test], offices: [{{office: headOfState, of: kolbar}}]}}
"""
PLACES = f"""# Flow.
- {{id: hamra, en: [Hamra Air Base], host: kolbar, lat: 35.4, lon: 35.9, qid: {BASE}, source: [test]}}  # by sea
"""
CITIES = f"- {{id: dale, en: [Dale], state: kolbar, lat: 10.5, lon: 20.25, qid: {CITY}, source: [test]}}\n"
FILES = {"states.yml": STATES, "leaders/north.yml": LEADERS, "bases.yml": PLACES, "cities.yml": CITIES,
         "sources.yml": "- {id: test, title: Test, licence: facts}\n"}  # fmt: skip
ITEMS = [
    Entry(KOLBAR, "Q3624078", "Kolbar", ar="جمهورية كولبار: الشمال", sitelinks=100),
    Entry(TARVIA, "Q3624078", "tarvia", sitelinks=90),
    Entry(SAME, "Q3624078", "Same"),
    Entry(TARGET, "Q3624078", "Merged State"),
    Entry(
        LUNDE, "Q5", "Mira Ann Lunde",
        offices=((POST, "2010-01-01", "2014-03-02"), (MINISTRY, "2001-06-01", "2003-02-04")),
    ),
    Entry(ORSK, "Q5", "Anton Orsk"),
    Entry(POST, "Q294414", "President of Tarvia", facts=(("P1001", TARVIA),)),
    Entry(MINISTRY, "Q294414", "Minister", facts=(("P1001", KOLBAR),)),
    Entry(BASE, "Q245016", "Hamra Air Base", place=(35.5, 35.9)),
    Entry(CITY, "Q515", "Dale", place=(10.51, 20.26)),
    Entry(SOL, "Q245016", "Sol Air Base", states=(KOLBAR,)),
    Entry(TWIN, "Q245016", "Twin Air Base", states=(KOLBAR,)),  # of two records
    Entry(FAR, "Q245016", "Far Air Base", states=(KOLBAR,)),  # in another state
]  # fmt: skip
MOMENT = "http://www.w3.org/2001/XMLSchema#dateTime"
EXTRA = f"""<{WD}{MERGED}> <http://www.w3.org/2002/07/owl#sameAs> <{WD}{TARGET}> .
<{WD}{KOLBAR}> <{P}P35> <{WD}statement/k1> , <{WD}statement/k2> , <{WD}statement/k3> .
<{WD}statement/k1> <{PS}P35> <{WD}{LUNDE}> ; <{PQ}P580> "2015-05-07T00:00:00Z"^^<{MOMENT}> ;
  <{PQ}P582> "2024-07-01T00:00:00Z"^^<{MOMENT}> ;
  <http://www.wikidata.org/prop/qualifier/value/P582> <{WD}value/1> .
<{WD}value/1> <http://wikiba.se/ontology#timePrecision> 10 .
<{WD}statement/k2> <{PS}P35> <{WD}{ORSK}> ; <{PQ}P582> "2009-01-01T00:00:00Z"^^<{MOMENT}> .
<{WD}statement/k3> <{PS}P35> <{WD}{ORSK}> .
<{WD}{SAME}> <{WDT}P17> <{WD}{KOLBAR}> .
"""


@pytest.fixture(scope="module")
def items(server: str) -> str:  # noqa: F811
    fill(server, ITEMS)
    with urlopen(Request(f"{server}/store?default", EXTRA.encode(), {"Content-Type": "text/turtle"}, method="POST")):
        return server


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        file = tmp_path / "seeds" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return tmp_path / "seeds"


def run(opened: Door, folder: Path, *more: str) -> Result:
    cache = str(folder.parent / "cache")
    words = ["seeds", "--live", "--folder", str(folder), "--endpoint", opened.url, "--cache", cache, *more]
    return CliRunner().invoke(main, words)


def contents(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in folder.rglob("*.*")}


def test_the_difference_is_shown_and_nothing_written(items: str, folder: Path) -> None:
    with door(items) as opened:
        result = run(opened, folder, "--json")
        assert len(opened.questions) == 1
        assert run(opened, folder).exit_code == 0
        assert len(opened.questions) == 1  # answered before
    assert result.exit_code == 0, result.stderr
    rows = [tuple(row.values()) for row in json.loads(result.stdout)]
    assert rows == sorted(
        [
            ("bases.yml", "hamra", "lat", "35.4", "35.5"),
            ("leaders/north.yml", "lunde", "en", "", "Mira Ann Lunde"),
            ("leaders/north.yml", "lunde", "offices 1 to", "", "2024-07"),
            ("leaders/north.yml", "lunde", "offices 2 to", "", "2014-03-02"),
            ("leaders/north.yml", "lunde", "offices 3 to", "", "2003-02-04"),
            ("states.yml", "gone", "qid", GONE, "(not there: look yourself)"),
            ("states.yml", "kolbar", "ar", "", "جمهورية كولبار: الشمال"),
            ("states.yml", "merged", "qid", MERGED, TARGET),
        ]
    )
    assert "7 differences and 1 missing item among 9 items, 1 request; nothing written" in result.stderr
    assert contents(folder) == FILES


def test_on_request_the_files_change_and_nothing_else_in_them(items: str, folder: Path) -> None:
    with door(items) as opened:
        result = run(opened, folder, "--write")
        assert "written to 3 files" in result.stderr
        again = run(opened, folder, "--json")
    expected = {
        "states.yml": STATES.replace('الجمهورية"]', 'الجمهورية", "جمهورية كولبار: الشمال"]').replace(MERGED, TARGET),
        "leaders/north.yml": LEADERS.replace("[Mira Lunde]", "[Mira Lunde, Mira Ann Lunde]")
        .replace("from: 2015-05-07}", "from: 2015-05-07, to: 2024-07}")
        .replace("from: 2010}", "from: 2010, to: 2014-03-02}")
        .replace("from: 2001}", "from: 2001, to: 2003-02-04}"),
        "bases.yml": PLACES.replace("35.4,", "35.5,"),
    }
    assert contents(folder) == FILES | expected
    assert [row["record"] for row in json.loads(again.stdout)] == ["gone"]


def test_on_request_items_are_found_for_records_that_have_none(items: str, folder: Path) -> None:
    (folder / "bases.yml").write_text(
        "- {id: sol, en: [Sol Air Base], host: kolbar}\n- {id: twin, en: [Twin Air Base], host: kolbar}\n"
        "- id: twin2\n  en: [Twin Air Base]\n  host: kolbar\n- {id: far, en: [Far Air Base], host: tarvia}\n"
    )
    (folder / "sources.yml").write_text(FILES["sources.yml"] + "- {id: wikidata-live, title: W, licence: CC0}\n")
    with door(items) as opened:
        result = run(opened, folder, "--missing", "--write", "--json")
    found = {row["record"]: row["Wikidata"] for row in json.loads(result.stdout) if row["file"] == "bases.yml"}
    assert found == {"sol": "wikidata-live"}
    first = (folder / "bases.yml").read_text(encoding="utf-8").splitlines()[0]
    assert first == f"- {{id: sol, en: [Sol Air Base], qid: {SOL}, source: [wikidata-live], host: kolbar}}"


def test_without_an_answer_nothing_is_written(items: str, folder: Path) -> None:
    with door(items) as opened:
        opened.faults = ["404"]
        result = run(opened, folder, "--write")
    assert result.exit_code == 1
    assert "refused (404" in result.stderr
    assert contents(folder) == FILES


def test_batches_that_were_answered_are_kept_when_a_later_one_fails(
    items: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.wikidata.refresh.ITEMS", 3)
    with door(items) as opened:
        opened.faults = ["", "404"]
        assert run(opened, folder).exit_code == 1
        with Cache(folder.parent / "cache") as kept:
            found = compare(load_world(folder), Search(Endpoint(opened.url), kept))
    assert (found.requests, found.asked, len(found.changes)) == (2, 9, 7)


def test_a_result_that_is_not_sound_is_not_written(folder: Path) -> None:
    changes = [Change("merged", "qid", MERGED, KOLBAR), Change("hamra", "lat", "35.4", "36.0")]
    with pytest.raises(DataError, match=f"nothing written, for the result is not sound: .*{KOLBAR} is also the QID"):
        write(folder, changes)
    assert contents(folder) == FILES


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (Change("nobody", "qid", "", "Q1"), "there is no record 'nobody'"),
        (Change("kolbar", "qid", "Q1", "Q2"), "qid is not 'Q1' any more"),
        (Change("hamra", "branch", "air", "land"), "branch is not 'air' any more"),
    ],
)
def test_a_change_that_does_not_fit_is_refused(folder: Path, change: Change, sentence: str) -> None:
    with pytest.raises(DataError, match=sentence):
        write(folder, [change])
    assert contents(folder) == FILES


@pytest.mark.parametrize("name", ["Plain", "a, b", "[x]", "no: yes", "true", 'say "x"', "# x", "'x'", "كلمة", "O'Neil"])
@pytest.mark.parametrize("record", ["kolbar", "tarvia", "hamra", "lunde"])
def test_any_name_is_read_back_as_it_was_given(folder: Path, record: str, name: str) -> None:
    write(folder, [Change(record, "ar", "", name), Change(record, "en", "", name)])
    found = load_world(folder).records[record]
    assert (found.ar[-1], found.en[-1]) == (name, name)


def test_line_ends_and_the_shipped_files_are_left_as_they_are(folder: Path) -> None:
    raw = STATES.replace("\n", "\r\n").encode()
    (folder / "states.yml").write_bytes(raw)
    assert write(folder, [Change("tarvia", "qid", TARVIA, "Q9")]) == ["states.yml"]
    assert (folder / "states.yml").read_bytes() == raw.replace(TARVIA.encode(), b"Q9")


def test_every_shipped_record_has_its_file() -> None:
    from kg.resources import data_dir

    assert file_of(data_dir("seeds")).keys() == load_world().records.keys()


def test_without_live_nothing_is_asked(folder: Path) -> None:
    result = CliRunner().invoke(main, ["seeds", "--folder", str(folder), "--json"])
    assert json.loads(result.stdout)[0] == {"kind": "states", "records": "5", "with an item": "5"}
    result = CliRunner().invoke(main, ["seeds", "--write"])
    assert (result.exit_code, "--write needs --live" in result.stderr) == (2, True)
