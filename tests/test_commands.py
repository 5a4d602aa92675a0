"""The command line: what goes where, in which form, and with which exit code."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kg.commands import COMMANDS, main
from kg.commands.reading import file_name
from kg.interchange import faults

ARABIC = "زار الرئيس الروسي فلاديمير بوتين دمشق اليوم."
GOLD = Path(__file__).parent / "gold"


def kg(*words: str | Path, stdin: str | bytes | io.IOBase | None = None) -> Result:
    return CliRunner().invoke(
        main,
        list(map(str, words)),
        input=stdin,  # type: ignore[arg-type]
        prog_name="kg",
        catch_exceptions=False,
    )


def article(folder: Path, name: str = "visit.txt", text: str = ARABIC) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


# --- help and usage


def test_help_lists_every_command_with_what_it_does() -> None:
    shown = kg("--help").stdout
    assert all(f"\n  {name} " in shown for name in COMMANDS)


def test_the_version_is_that_of_the_package() -> None:
    assert kg("--version").stdout.startswith("kg, version 0.")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["evaluat"], "no command 'evaluat'; did you mean 'evaluate'?"),
        (["zzz"], "no command 'zzz'; there are extract, build"),
        (["extract"], "give files, folders or '-', or else --text"),
        (["extract", "x.txt", "--text", "y"], "give files, folders or '-', or else --text"),
        (["extract", "x.txt", "--lang", "ar"], "--lang and --date belong to --text"),
        (["extract", "--text", "x", "--date", "soon"], "'soon' is no day; write YYYY-MM-DD"),
        (["extract", "x.txt", "-o", "out", "--format", "table"], "-o writes JSON files"),
        (["build", "x.txt"], "Missing option '--store'"),
    ],
)
def test_wrong_usage_is_told_and_ends_with_2(words: list[str], sentence: str) -> None:
    done = kg(*words)
    assert done.exit_code == 2
    assert sentence in done.stderr
    assert done.stdout == ""


def fresh(code: str, *words: str) -> subprocess.CompletedProcess[str]:
    """The code in a Python of its own."""
    return subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=False)


LOADED = """
import sys
from kg.commands import main
try:
    main(sys.argv[1:], prog_name="kg")
except SystemExit as end:
    heavy = {"spacy", "rdflib", "pydantic", "trafilatura", "pyshacl"} & set(sys.modules)
    print(sorted(heavy), end.code)
"""


@pytest.mark.parametrize("words", [["--help"], ["extract", "--help"], ["ontology"]])
def test_heavy_libraries_are_not_loaded_before_they_are_needed(words: list[str]) -> None:
    assert fresh(LOADED, *words).stdout.splitlines()[-1] == "[] 0"


# --- extract


def test_extract_writes_one_object_for_one_article_and_talks_on_stderr(tmp_path: Path) -> None:
    done = kg("extract", article(tmp_path))
    record = json.loads(done.stdout)
    assert (record["id"], record["text"]) == ("visit", ARABIC)
    assert faults(record) == []
    assert done.stderr.startswith("1 article: ")
    assert done.exit_code == 0


def test_extract_writes_a_list_or_lines_for_several(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt", "c.txt"):
        article(tmp_path, name)
    listed = json.loads(kg("extract", tmp_path).stdout)
    lines = kg("extract", tmp_path, "--format", "jsonl").stdout.splitlines()
    assert [record["id"] for record in listed] == ["a", "b", "c"]
    assert [json.loads(line) for line in lines] == listed


def test_extract_reads_words_given_directly() -> None:
    done = kg("extract", "--text", ARABIC, "--date", "2025-10-15")
    assert json.loads(done.stdout)["date"] == "2025-10-15"


def test_extract_shows_a_table_with_one_row_for_each_claim(tmp_path: Path) -> None:
    path = article(tmp_path)
    claims = json.loads(kg("extract", path).stdout)["claims"]
    shown = kg("extract", path, "--format", "table").stdout.splitlines()
    begun = [line.split()[0] for line in shown[3:-1] if not line.startswith(" ")]  # others go on with a row
    assert begun == [claim["type"] for claim in claims]


def test_the_table_tells_a_former_holder_of_an_office_from_the_present_one() -> None:
    text = "Former Syrian President Bashar al-Assad met Russian President Vladimir Putin in Moscow."
    rows = [line for line in kg("extract", "--text", text, "--format", "table").stdout.splitlines() if "holds" in line]
    assert ["former" in row for row in rows] == [True, False]


def test_extract_writes_a_file_for_each_article_and_nothing_else(tmp_path: Path) -> None:
    article(tmp_path / "in", "a.txt")
    article(tmp_path / "in", "b.txt")
    done = kg("extract", tmp_path / "in", "-o", tmp_path / "out")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["a.json", "b.json"]
    assert json.loads((tmp_path / "out" / "a.json").read_text(encoding="utf-8"))["id"] == "a"
    assert done.stdout == ""


@pytest.mark.parametrize("name", ["../../etc/passwd", "a/b", ".hidden", "", "x" * 300, "a b"])
def test_no_id_leads_out_of_the_folder(name: str) -> None:
    made = file_name(name)
    assert Path(made).name == made
    assert not made.startswith(".")
    assert made != file_name(name + "!")


def test_an_article_that_cannot_be_read_is_told_and_the_rest_is_read(tmp_path: Path) -> None:
    article(tmp_path, "a.txt")
    article(tmp_path, "b.txt", "")
    done = kg("extract", tmp_path, "--format", "jsonl")
    assert len(done.stdout.splitlines()) == 1
    assert f"not read: {tmp_path / 'b.txt'}: empty; there is nothing to read" in done.stderr
    assert "1 article; 1 not read: " in done.stderr
    assert done.exit_code == 1


def test_quiet_leaves_only_errors(tmp_path: Path) -> None:
    assert kg("extract", article(tmp_path), "--quiet").stderr == ""
    assert "no such file" in kg("extract", tmp_path / "none.txt", "-q").stderr


def test_a_warning_goes_to_stderr(tmp_path: Path) -> None:
    record = json.dumps({"text": ARABIC, "date": "soon"})
    done = kg("extract", article(tmp_path, "x.json", record))
    assert "WARNING: " in done.stderr
    assert json.loads(done.stdout)["date"] is None


def test_an_output_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    path = article(tmp_path)
    done = kg("extract", path, "-o", path)
    assert done.stderr == f"Error: {path}: cannot write there: File exists\n"
    assert done.exit_code == 1


class Interrupting(io.RawIOBase):
    """A standard input at which the user presses Ctrl-C."""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        raise KeyboardInterrupt


def test_an_interruption_is_one_line() -> None:
    done = kg("extract", "-", stdin=io.BufferedReader(Interrupting()))
    assert done.stderr == "interrupted; articles that were finished are kept\n"
    assert done.exit_code == 130


def test_a_reader_that_goes_away_is_no_error() -> None:
    done = subprocess.run(
        f'"{sys.executable}" -m kg ontology | true',
        shell=True,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "COLUMNS": "200"},
    )
    assert done.stderr == ""


# --- a store: build, query, check, withdraw


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with two articles."""
    folder = tmp_path_factory.mktemp("articles")
    article(folder, "visit.txt")
    article(folder, "again.txt", "استقبل الرئيس الروسي فلاديمير بوتين نظيره السوري أحمد الشرع في موسكو.")
    made = tmp_path_factory.mktemp("store") / "news.kg"
    assert kg("build", folder, "--store", made, "-q").exit_code == 0
    return made


def test_build_reports_what_it_did_and_skips_what_has_not_changed(tmp_path: Path) -> None:
    path, store, report = article(tmp_path), tmp_path / "news.kg", tmp_path / "report.json"
    first = kg("build", path, "--store", store)
    second = kg("build", path, "--store", store, "--report", report)
    assert ": 1 new, 0 replaced, 0 unchanged, 0 not read" in first.stderr
    assert ": 0 new, 0 replaced, 1 unchanged, 0 not read" in second.stderr
    assert json.loads(report.read_text(encoding="utf-8"))["unchanged"] == 1
    assert first.stdout == second.stdout == ""


@pytest.mark.parametrize("quiet", [[], ["--quiet"]])
def test_build_tells_what_it_could_not_read_and_keeps_the_rest(tmp_path: Path, quiet: list[str]) -> None:
    article(tmp_path / "in", "a.txt")
    article(tmp_path / "in", "b.txt", "")
    done = kg("build", tmp_path / "in", "--store", tmp_path / "news.kg", *quiet)
    assert f"{tmp_path / 'in' / 'b.txt'}: empty; there is nothing to read" in done.stderr
    assert done.exit_code == 1
    assert "a" in kg("query", "articles", "--store", tmp_path / "news.kg", "--format", "csv").stdout


def test_query_answers_a_saved_question_a_file_and_standard_input(store: Path, tmp_path: Path) -> None:
    sparql = "PREFIX gp: <https://w3id.org/geopol/ns#> SELECT (COUNT(?a) AS ?n) { ?a a gp:Article }"
    file = article(tmp_path, "count.rq", sparql)
    assert "Vladimir Putin" in kg("query", "leaders", "--store", store).stdout
    assert kg("query", file, "--store", store, "--format", "csv").stdout.splitlines() == ["n", "2"]
    assert kg("query", "-", "--store", store, "--format", "csv", stdin=sparql).stdout.splitlines() == ["n", "2"]


def test_query_takes_parameters(store: Path) -> None:
    shown = kg("query", "leaders", "--store", store, "--param", "of=russia", "-p", "lang=ar").stdout
    assert "بوتين" in shown
    assert "الشرع" not in shown


@pytest.mark.parametrize(
    ("words", "sentence", "code"),
    [
        (["leader"], "no question 'leader'; did you mean 'leaders'?", 1),
        (["leaders", "--param", "of"], "--param of: write NAME=VALUE", 2),
        (["leaders", "-p", "of=russia", "-p", "of=syria"], "--param of: given twice", 2),
        (["leaders", "-p", "off=russia"], "no parameter 'off'; did you mean 'of'?", 1),
        (["leaders", "-p", "of=Atlantis"], "nobody in the store is called 'Atlantis'", 1),
        (["none.rq"], "none.rq: cannot be read", 1),
        (["-", "-p", "of=russia"], "--param belongs to saved questions", 2),
    ],
)
def test_a_question_that_cannot_be_asked_is_told(store: Path, words: list[str], sentence: str, code: int) -> None:
    done = kg("query", *words, "--store", store)
    assert sentence in done.stderr
    assert done.exit_code == code


def test_a_question_to_a_store_needs_no_heavy_library(store: Path) -> None:
    assert fresh(LOADED, "query", "leaders", "--store", str(store)).stdout.splitlines()[-1] == "[] 0"


def test_questions_are_listed_and_told() -> None:
    assert "leaders" in kg("questions").stdout
    assert "--param" in kg("questions", "leaders").stdout
    [record] = json.loads(kg("questions", "leaders", "--json").stdout)
    assert record["parameters"][0]["name"] == "lang"


def test_a_store_that_was_built_has_no_fault(store: Path) -> None:
    done = kg("check", "--store", store)
    assert (done.stdout, done.stderr, done.exit_code) == ("", "no faults\n", 0)


@pytest.mark.parametrize("ending", [".ttl", ".nq", ".trig", ".jsonld", ".graphml", ".csv", ".json"])
def test_export_writes_the_same_bytes_each_time(store: Path, tmp_path: Path, ending: str) -> None:
    first, second = tmp_path / f"a{ending}", tmp_path / f"b{ending}"
    for file in (first, second):
        assert kg("export", file, "--store", store, "--entity", "russia").exit_code == 0
    assert first.read_bytes() == second.read_bytes() != b""
    assert sorted(path.name for path in tmp_path.iterdir()) == [first.name, second.name]


def test_export_knows_the_views_of_the_library() -> None:
    from kg.commands.exporting import VIEWS
    from kg.export import VIEWS as ALL

    assert sorted(VIEWS) == sorted(ALL)


@pytest.mark.parametrize(
    ("words", "sentence", "code"),
    [
        (["x.foo"], "x.foo: say --view, or let it end in .ttl", 2),
        (["none/x.ttl"], "none/x.ttl: cannot write there: No such file or directory", 1),
        (["-", "--view", "trig", "--article", "none"], "no article 'none'", 1),
    ],
)
def test_an_export_that_cannot_be_made_is_told(store: Path, words: list[str], sentence: str, code: int) -> None:
    done = kg("export", *words, "--store", store)
    assert sentence in done.stderr
    assert done.exit_code == code


def test_explain_leads_from_an_edge_to_its_sentence_rule_and_links(store: Path) -> None:
    shown = kg("explain", "vladimir-putin", "holdsOffice", "russia", "--store", store).stdout
    assert ARABIC.rstrip(".") in shown
    assert "rule " in shown
    assert "id:vladimir-putin gp:holdsOffice id:russia" in shown
    assert "sentence" in kg("explain", "visit/c1", "--store", store).stdout


def test_explain_shows_the_trace_of_a_text() -> None:
    shown = kg("explain", "--text", ARABIC).stdout
    assert "visit" in shown
    assert "rule:" in shown


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (
            "هاجم الطباخون السوق، وهاجم الوزير خصومه في تصريحات.",
            ["«هاجم» [0:4]", "accuse: attack in words: no actor was found", "its clause has 'تصريحات'"],
        ),
        (
            "The cooks attacked the menu and discussed it.",
            ["«attacked» [10:18]", "assault: attack verb: no ", "meeting: discuss with: no second actor was found"],
        ),
        ("The cook sleeps.", ["no claims", "no rule speaks of any of its words"]),
    ],
)
def test_explain_tells_which_rules_were_tried_and_what_they_lacked(text: str, lines: list[str]) -> None:
    shown = re.sub("[\u2066-\u2069]", "", kg("explain", "--text", text).stdout)
    assert [line for line in lines if line not in shown] == []


@pytest.mark.parametrize(
    ("words", "sentence", "code"),
    [
        (["russia", "overthrow", "syria"], "russia overthrow syria: no claim says so", 1),
        (["visit/c99"], "no claim art:", 1),
        (["russia", "syria"], "in one word or three", 2),
    ],
)
def test_what_cannot_be_explained_is_told(store: Path, words: list[str], sentence: str, code: int) -> None:
    done = kg("explain", *words, "--store", store)
    assert sentence in done.stderr
    assert done.exit_code == code


def test_an_article_that_was_withdrawn_is_gone(tmp_path: Path) -> None:
    store = tmp_path / "news.kg"
    kg("build", article(tmp_path), "--store", store)
    assert "taken out" in kg("withdraw", "visit", "--store", store).stderr
    assert kg("query", "articles", "--store", store, "--format", "csv").stdout.count("\n") == 1
    done = kg("withdraw", "visit", "--store", store)
    assert "no article 'visit'" in done.stderr
    assert done.exit_code == 1


# --- link, check, ontology


def test_link_shows_what_a_mention_was_taken_for() -> None:
    done = kg("link", "--text", ARABIC, "--json")
    found = {row["mention"]: row["entity"] for row in json.loads(done.stdout)}
    assert "vladimir-putin" in found.values()
    assert kg("link", "--text", ARABIC).stdout.splitlines()[0].split() == [
        "mention", "class", "entity", "Wikidata", "why", "or", "else",
    ]  # fmt: skip


def test_the_data_of_the_program_has_no_fault() -> None:
    done = kg("check")
    assert (done.stdout, done.exit_code) == ("", 0)


def test_check_of_a_store_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    done = kg("check", "--store", tmp_path / "none")
    assert done.exit_code == 1
    assert done.stderr.startswith("Error: ")
    assert done.stderr.count("\n") == 1


def test_ontology_lists_the_terms_and_tells_about_one() -> None:
    assert {"visit", "extradite"} <= set(json.loads(kg("ontology", "--json").stdout)["eventTypes"])
    assert "PLOVER:" in kg("ontology", "extradite").stdout
    done = kg("ontology", "extradit")
    assert "did you mean 'extradite'?" in done.stderr
    assert done.exit_code == 1


# --- evaluate


def gold(folder: Path) -> Path:
    record = {
        "id": "a", "lang": "ar", "date": None, "title": "", "text": ARABIC,
        "entities": [
            {"id": "e1", "class": "Person", "name": "Putin", "mentions": ["بوتين"], "qid": None},
            {"id": "e2", "class": "State", "name": "Syria", "mentions": ["دمشق"], "qid": None},
        ],
        "claims": [
            {
                "id": "c1", "type": "visit", "content": None, "office": None, "former": False,
                "args": {"actor": ["e1"], "recipient": ["e2"], "object": [], "place": []},
                "branch": None, "modality": "asserted", "negated": False, "attributedTo": None,
                "date": None, "quote": ARABIC, "core": True,
            },
        ],
    }  # fmt: skip
    return article(folder, "a.json", json.dumps(record)).parent


def test_evaluate_compares_two_folders_in_figures_and_tables(tmp_path: Path) -> None:
    folder = gold(tmp_path / "gold")
    made = json.loads(kg("evaluate", folder, "--system", folder, "--json", "--per-type").stdout)
    assert made["strict"] == {"p": 1.0, "r": 1.0, "f1": 1.0}
    assert made["types"]["visit"] == {"tp": 1, "fn": 0}
    shown = kg("evaluate", folder, "--system", folder, "--per-article", "--per-type").stdout
    assert "a        1     1      0      1.000  1.000  1.000" in shown


def test_evaluate_lists_the_errors_of_an_article(tmp_path: Path) -> None:
    folder = gold(tmp_path / "gold")
    (tmp_path / "empty").mkdir()
    done = kg("evaluate", folder, "--system", tmp_path / "empty", "--errors", "a")
    assert "missed  visit(actor=Putin; recipient=Syria)" in done.stdout
    assert kg("evaluate", folder, "--system", folder, "--errors", "b").exit_code == 1


def test_evaluate_runs_the_extractor_on_gold_sentences_and_keeps_floors(tmp_path: Path) -> None:
    line = "visit actor=بوتين recipient=دمشق"
    article(tmp_path / "ar", "visit.yml", f"- text: {ARABIC}\n  claims: ['{line}']\n")
    made = json.loads(kg("evaluate", tmp_path, "--json", "--update").stdout)
    assert made["figures"]["ar"]["sentences"] == 1
    kept = json.loads((tmp_path / "floors.json").read_text(encoding="utf-8"))
    assert kept == made["figures"]
    article(tmp_path, "floors.json", json.dumps({"ar": {"recall": 2}}))
    for words in ([], ["--update"]):
        done = kg("evaluate", tmp_path, *words)
        assert "is below the floor 2" in done.stderr
        assert done.exit_code == 1
    assert kg("evaluate", tmp_path, "--update", "--allow-regression").exit_code == 0


if Path("/dev/full").exists():  # a device of Linux

    @pytest.mark.parametrize("words", [["questions"], ["--help"], ["ontology", "--json"]])
    def test_output_that_cannot_be_written_is_told_in_one_sentence(words: list[str]) -> None:
        call = [sys.executable, "-m", "kg", *words]
        with Path("/dev/full").open("w") as full:
            done = subprocess.run(call, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
        assert done.returncode == 1
        assert done.stderr == "Error: the output cannot be written: No space left on device\n"


def test_an_export_goes_into_a_pipe_and_does_not_replace_it(store: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", pipe], stdout=subprocess.PIPE) as reader:
        assert kg("export", pipe, "--view", "events", "--store", store).exit_code == 0
        assert reader.stdout is not None
        assert reader.stdout.read()
    assert pipe.is_fifo()


# --- a pipeline of the user's own


@pytest.mark.parametrize("value", ["en", "en=", "=x", "fr=x"])
def test_a_pipeline_is_given_for_a_language(value: str) -> None:
    result = kg("extract", "--text", ARABIC, "--pipeline", value)
    assert result.exit_code == 2
    assert f"'{value}' is not LANG=NAME" in result.stderr


def test_a_pipeline_is_given_once_for_a_language() -> None:
    result = kg("extract", "--text", ARABIC, "--pipeline", "en=a", "--pipeline", "en=b")
    assert "'en' is given twice" in result.stderr


@pytest.mark.parametrize("command", ["extract", "link", "explain", "build", "evaluate"])
def test_a_pipeline_that_is_not_installed_is_told_once(command: str, tmp_path: Path) -> None:
    files = [article(tmp_path, "one.txt"), article(tmp_path, "two.txt")]
    words: list[str | Path] = {
        "explain": ["--text", ARABIC],
        "build": [*files, "--store", tmp_path / "store", "--engine", "serial"],
        "evaluate": [GOLD],
    }.get(command, files)  # type: ignore[assignment]
    result = kg(command, *words, "--pipeline", "ar=no_such_pipeline")
    assert result.exit_code == 1
    assert result.stderr.count("'no_such_pipeline' is not installed; install it or leave it out") == 1
