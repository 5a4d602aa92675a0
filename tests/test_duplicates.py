"""What may be one: candidates with evidence, never merged by themselves, and not offered again once decided."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from test_identity import DAY, LUNDO, LUNDOW, dump, fill, local, sentences

from kg.commands import main
from kg.decisions import DECISIONS_GRAPH, read_decisions
from kg.duplicates import Duplicate, duplicates, skeleton
from kg.errors import DecisionError
from kg.identity import adopt, keep_apart, merge, offer_again, split, undo
from kg.model import Document
from kg.store import Graph, open_graph

APART = [
    Document("b1", "Mira Lundo met Vladimir Putin.\nMira Lundo is minister of Russia.", "en"),
    Document("b2", "Mira Lundow met Vladimir Putin.\nMira Lundow is minister of Russia.", "en"),
    Document("b3", "John Doe met Vladimir Putin.\nACME met John Doe.", "en"),
    Document("b4", "Doe met Vladimir Putin.\nDoe met Dmitry Peskov.\nACME met Doe.", "en"),
    Document("b5", "Jane Roe met Jane Roeh.\nPeskof met Egypt.", "en"),
]


def store(*documents: Document) -> Graph:
    graph = open_graph(":memory:")
    fill(graph, *(documents or APART))
    return graph


def pairs(graph: Graph, **more: float) -> dict[frozenset[str], Duplicate]:
    return {frozenset((one.entity, one.into)): one for one in duplicates(graph, **more)}


def test_two_spellings_in_one_office_with_shared_neighbours_are_offered_with_the_reasons() -> None:
    with store() as graph:
        before = dump(graph)
        (found,) = duplicates(graph)
        assert {found.entity, found.into} == {LUNDO, LUNDOW}
        assert found.evidence == (
            "one name in two spellings",
            "both minister of Russia",
            "2 neighbours of both: Russia, Vladimir Putin",
        )
        assert found.score == 0.8
        assert found == duplicates(graph)[0]
        assert dump(graph) == before
        merge(graph, found.entity, found.into, day=DAY)
        assert duplicates(graph) == []
        undo(graph, found.entity, merges=True)
        assert duplicates(graph) == [found]


def test_a_family_name_alone_counts_little_and_shared_neighbours_add_to_it() -> None:
    with store() as graph:
        doe = pairs(graph, least=0.3)[frozenset((local("Doe"), local("John Doe")))]
        assert (doe.score, doe.evidence[0]) == (0.35, "“doe” may be the family name alone")


def test_who_meets_another_is_not_that_other() -> None:
    with store() as graph:
        assert not any("roe" in one.name.casefold() for one in duplicates(graph, least=0))


def test_other_offices_speak_against_one_name() -> None:
    one = Document("c1", "Mira Lundo is minister of Russia.", "en")
    other = Document("c2", "Mira Lundo is minister of Egypt.", "en")
    with store(one, other) as graph:
        (found,) = duplicates(graph, least=0.3)
        assert (found.score, found.evidence) == (0.4, ("one name, “mira lundo”", "other offices"))
        assert duplicates(graph) == []


def test_what_is_said_not_to_be_one_is_not_offered_again_until_that_is_taken_back() -> None:
    with store() as graph:
        before = dump(graph)
        keep_apart(graph, LUNDOW, LUNDO, day=DAY, note="brothers")
        decided = dump(graph)
        keep_apart(graph, LUNDO, LUNDOW, day=DAY)
        assert dump(graph) == decided
        assert duplicates(graph) == []
        assert sentences(graph) == []
        with pytest.raises(DecisionError, match="not one by an earlier decision"):
            merge(graph, LUNDO, LUNDOW, day=DAY)
        with pytest.raises(DecisionError, match="no merge to take back"):
            undo(graph, min(LUNDO, LUNDOW), merges=True)
        with store() as other:
            adopt(other, read_decisions(quad.triple for quad in graph.quads(DECISIONS_GRAPH)))
            assert dump(other) == decided
        offer_again(graph, LUNDO, LUNDOW)
        assert dump(graph) == before
        with pytest.raises(DecisionError, match="nobody has said"):
            offer_again(graph, LUNDO, LUNDOW)


def test_what_was_split_off_is_not_offered() -> None:
    with store() as graph:
        made = split(graph, LUNDO, articles=["b1"], name="Mira Lundo", day=DAY)
        assert frozenset((LUNDO, made.meant)) not in pairs(graph, least=0)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Mikhail Bogdanov", "ميخائيل بوغدانوف"), ("Asaad al-Shaibani", "أسعد الشيباني"), ("Lavrov", "لافروف")],
)
def test_a_name_has_one_skeleton_in_both_scripts(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other) != ()


def test_other_names_have_other_skeletons() -> None:
    assert skeleton("Dmitry Peskov") != skeleton("Dmitry Petrov")
    assert skeleton("") == skeleton("Aya") == ()


def test_the_command_gives_the_line_that_merges(tmp_path: Path) -> None:
    place = str(tmp_path / "a b.kg")
    with open_graph(place) as graph:
        fill(graph, *APART)
    result = CliRunner().invoke(main, ["duplicates", "--store", place, "--json"])
    assert result.exit_code == 0, result.stderr
    (row,) = json.loads(result.stdout)
    keys = [row[name].rpartition("/")[2] for name in ("entity", "into")]
    assert row["command"] == f"kg merge {' '.join(keys)} --store '{place}'"
    assert CliRunner().invoke(main, ["merge", "--not", *keys, "--store", place]).exit_code == 0
    assert "0 pairs" in CliRunner().invoke(main, ["duplicates", "--store", place]).stderr
    assert "nowhere" in CliRunner().invoke(main, ["decisions", "--store", place]).stdout
    back = CliRunner().invoke(main, ["merge", "--undo", keys[0], "--not", keys[1], "--store", place])
    assert back.exit_code == 0, back.stderr
    table = CliRunner().invoke(main, ["duplicates", "--store", place])
    assert "one name in two" in table.stdout
