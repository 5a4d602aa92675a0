"""The engine 'spark' against the serial one, in processes of their own: `make spark-test`.

Not part of the test suite, because Spark is 450 MB and needs Java.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from pyspark.sql import SparkSession
from test_build import dump, load

from kg.build import build, load_parts
from kg.commands.building import load_extract
from kg.documents import read
from kg.engines import Load, Part
from kg.errors import InputError
from kg.spark import read_parts, session, write_parts
from kg.store import open_graph

ARTICLES = Path(__file__).parents[1] / "seeds" / "articles"
CLUSTER = "local-cluster[2,1,1024]"  # two workers, each a Java process with one core and 1 GiB


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkSession]:
    with session(CLUSTER) as started:
        yield started


def lines(*records: object) -> bytes:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records).encode()


def record(number: int, text: str = "") -> dict[str, str]:
    return {"id": f"d{number}", "lang": "en", "text": text or f"Land{number} is an ally of Syria."}


@pytest.fixture
def day(tmp_path: Path) -> Path:
    """A folder of files: packed and not, a broken one, articles without an id, one id twice, an unreadable article."""
    folder = tmp_path / "day [1]"
    (folder / "later").mkdir(parents=True)
    (folder / "a.jsonl.gz").write_bytes(gzip.compress(lines(*map(record, range(300)))))
    (folder / "b.jsonl").write_bytes(lines({"text": "Iran is no ally of Iraq."}, record(3, "Iran is an ally of Iraq.")))
    (folder / "c.txt").write_text("Turkey may be an ally of Qatar.", encoding="utf-8")
    (folder / "broken.jsonl.gz").write_bytes(gzip.compress(lines(*map(record, range(400, 440))))[:-30])
    (folder / "later" / "d.jsonl").write_bytes(lines(record(7), record(900, "unreadable"), record(901)) + b"{no json\n")
    return folder


def serially(paths: list[str], how: Load) -> tuple[list[str], set[str]]:
    with open_graph(":memory:") as graph:
        report = build(read(paths), how, graph, background=False)
        return dump(graph), set(map(str, report.failures))


def on_spark(spark: SparkSession, paths: list[str], how: Load, parts: Path) -> tuple[list[str], set[str]]:
    write_parts(spark, paths, how, str(parts))
    with open_graph(":memory:") as graph:
        report = load_parts(read_parts(spark, str(parts)), graph, background=False)
        return dump(graph), set(map(str, report.failures))


def test_a_folder_of_files_gives_the_same_bytes_and_the_same_failures(
    spark: SparkSession, day: Path, tmp_path: Path
) -> None:
    expected = serially([str(day)], load)  # type: ignore[arg-type]
    assert len(expected[1]) == 4  # what stands twice, is broken, unreadable, no JSON
    assert on_spark(spark, [str(day)], load, tmp_path / "parts") == expected  # type: ignore[arg-type]


def test_an_address_of_hadoop_gives_the_same_bytes(spark: SparkSession, day: Path, tmp_path: Path) -> None:
    plain = day.rename(tmp_path / "day")
    expected, failures = serially([str(plain)], load)  # type: ignore[arg-type]
    found, failed = on_spark(spark, [plain.as_uri()], load, tmp_path / "parts")  # type: ignore[arg-type]
    assert found == expected
    assert {one.rpartition("/")[2] for one in failed} == {one.rpartition("/")[2] for one in failures}


def test_the_example_articles_give_the_same_bytes(spark: SparkSession, tmp_path: Path) -> None:
    how = partial(load_extract, {}, True)
    assert on_spark(spark, [str(ARTICLES)], how, tmp_path / "parts") == serially([str(ARTICLES)], how)


def test_an_article_that_kills_its_process_fails_alone(spark: SparkSession, tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_bytes(lines(*map(record, range(60)), record(60, "crash"), record(61, "bug")))
    write_parts(spark, [str(file)], load, str(tmp_path / "parts"))  # type: ignore[arg-type]
    found = list(read_parts(spark, str(tmp_path / "parts")))
    assert len(found) == 62
    failed = {one.where: one.failure for one in found if isinstance(one, Part) and one.failure}
    assert failed.keys() == {"d60", "d61"}
    assert failed["d60"].startswith("the process that read it ended before its time")
    assert failed["d61"].startswith("a fault of kg (RuntimeError")


def test_a_folder_of_parts_is_written_once_and_read_when_whole(spark: SparkSession, tmp_path: Path) -> None:
    file, parts = tmp_path / "a.jsonl", tmp_path / "parts"
    file.write_bytes(lines(record(1)))
    write_parts(spark, [str(file)], load, str(parts))  # type: ignore[arg-type]
    with pytest.raises(InputError, match="already there; name a new folder"):
        write_parts(spark, [str(file)], load, str(parts))  # type: ignore[arg-type]
    (parts / "_SUCCESS").unlink()
    with pytest.raises(InputError, match="no folder of parts that was written to its end"):
        next(read_parts(spark, str(parts)))


def test_a_place_without_articles_is_refused(spark: SparkSession, tmp_path: Path) -> None:
    (tmp_path / "x.csv").touch()
    with pytest.raises(InputError, match="no articles there"):
        write_parts(spark, [tmp_path.as_uri()], load, str(tmp_path / "parts"))  # type: ignore[arg-type]
