"""Articles to N-Quads on Apache Spark: from files or an object store into a folder of parts, which one loader reads.

The same function as the other engines, article by article, so the same bytes. A task that fails is tried again, then
each article in a process of its own: one that cannot be read fails alone. Java and the extra `[spark]` are needed.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from hashlib import sha256
from io import BytesIO
from itertools import groupby
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from kg.documents import ACCEPTED, Source, Unreadable, digest_of, kind_of, read_source, sources, taken_by_another
from kg.engines import Load, Part, alone, part_of, serial
from kg.errors import InputError, KgError
from kg.model import Document

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

MASTER = "local[*,4]"  # all cores of this machine; a task may fail three times
TASK_BYTES = 2 << 20  # of text in one task: some 500 articles, a quarter of a minute, 35 MB of N-Quads
UNPACKED = 4  # how many times its size a packed file of news has

# Where an article stands among all that were given: its id, the number of its file, its number in the file.
Key = tuple[str, int, int]
Found = tuple[str, Document | Unreadable]  # with the name of its file


@contextmanager
def session(master: str = MASTER) -> Iterator[SparkSession]:
    """Spark, as the user's configuration has it; a local one listens on loopback only, without pages of its own."""
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise KgError("the engine 'spark' is not installed; say pip install 'kg-geopolitics[spark]'") from error
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("kg build").master(master)
    if master.startswith("local"):
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
        for key, value in _LOCAL.items():
            builder = builder.config(key, value)
    try:
        spark = builder.getOrCreate()
    except PySparkException as error:
        raise KgError(f"Spark does not start ({_first_line(error)}); it needs Java 17, found by JAVA_HOME") from error
    spark.sparkContext.setLogLevel("ERROR")
    try:
        yield spark
    finally:
        spark.stop()


_LOCAL = {"spark.ui.enabled": "false", "spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}


def write_parts(spark: SparkSession, paths: Sequence[str], load: Load, folder: str) -> None:
    """Read the articles of the paths and write the parts into a new folder, packed lines of JSON.

    Paths and folder may be addresses that Hadoop knows, such as s3a://bucket/day. `load` must be importable on every
    machine of the cluster. InputError when the folder is already there.
    """
    from py4j.protocol import Py4JJavaError

    target = _address(folder)
    if _exists(spark, target):
        raise InputError(f"{folder}: already there; name a new folder, or load it by leaving out PATH")
    context = spark.sparkContext
    files, contents, size = _files(spark, paths)
    count = max(2 * context.defaultParallelism, -(-size // TASK_BYTES))
    found = context.parallelize(files, max(1, len(files))).flatMap(_read)
    if contents is not None:
        found = found.union(contents.flatMap(_read))
    lines = found.repartitionAndSortWithinPartitions(count, partial(_home, count)).mapPartitions(partial(_lines, load))
    try:
        lines.saveAsTextFile(target, "org.apache.hadoop.io.compress.GzipCodec")
    except Py4JJavaError as error:
        raise KgError(f"{folder}: Spark gave up: {_first_line(error.java_exception)}") from error


def read_parts(spark: SparkSession, folder: str) -> Iterator[Part | Unreadable]:
    """The parts of a folder that was written to its end, file after file; no more than one file is in memory."""
    source = _address(folder)
    if not _exists(spark, source + "/_SUCCESS"):
        raise InputError(f"{folder}: no folder of parts that was written to its end; give PATH too, to write it")
    for file in sorted(spark.read.text(source).inputFiles()):
        for line in spark.sparkContext.textFile(file, 1).toLocalIterator():
            record = json.loads(line)
            yield Unreadable(**record) if "reason" in record else part_of(record)


def _address(path: str) -> str:
    return path.rstrip("/") if "://" in path else Path(path).resolve().as_uri()


def _exists(spark: SparkSession, address: str) -> bool:
    """Asked of Hadoop, which knows every kind of address."""
    from py4j.protocol import Py4JJavaError

    context: Any = spark.sparkContext
    try:
        path = context._jvm.org.apache.hadoop.fs.Path(address)
        return bool(path.getFileSystem(context._jsc.hadoopConfiguration()).exists(path))
    except Py4JJavaError as error:
        raise InputError(f"{address}: cannot be reached: {_first_line(error.java_exception)}") from error


def _first_line(error: object) -> str:
    return str(error).strip().splitlines()[0]


# --- what is read

Piece = tuple[int, Source | Unreadable, bytes | None]  # number of the file, the file, its content where Spark reads it


def _files(spark: SparkSession, paths: Sequence[str]) -> tuple[list[Piece], Any, int]:
    """Files that tasks open by themselves, an RDD of those that only Spark can open, and the bytes of text in all."""
    from pyspark.errors import PySparkException

    local: list[Piece] = []
    remote: dict[str, tuple[int, Source]] = {}
    size = number = 0
    for path in paths:
        if "://" not in path:
            for source in sources(path):
                local.append((number, source, None))
                if isinstance(source, Source):
                    size += _text_bytes(source.name, source.path.stat().st_size if source.path else 0)
                number += 1
            continue
        try:
            rows = _listed(spark, [path]).select("path", "length").collect()
        except PySparkException as error:
            raise InputError(f"{path}: cannot be read: {_first_line(error)}") from error
        before = number
        for name, row in sorted((_below(path, row["path"]), row) for row in rows):
            if kind := kind_of(PurePosixPath(name)):
                remote[row["path"]] = number, Source(row["path"], name, kind)
                size += _text_bytes(name, row["length"])
                number += 1
        if number == before:
            raise InputError(f"{path}: no articles there; {ACCEPTED}")
    if not remote:
        return local, None, size
    addresses = [path for path in paths if "://" in path]
    rows = _listed(spark, addresses).rdd.filter(lambda row: row["path"] in remote)
    return local, rows.map(lambda row: (*remote[row["path"]], bytes(row["content"]))), size


def _listed(spark: SparkSession, addresses: Sequence[str]) -> Any:
    """Hadoop leaves out names that begin with a dot or an underscore."""
    reader = spark.read.format("binaryFile").option("recursiveFileLookup", "true")
    return reader.load(list(addresses))


def _below(root: str, path: str) -> str:
    """The path of the file below what the user named; Hadoop writes file:///x as file:/x."""
    root, path = (re.sub(r"^[\w.+-]+:/*", "", address) for address in (root, path))
    return path.removeprefix(root.rstrip("/") + "/") if path != root else PurePosixPath(path).name


def _text_bytes(name: str, size: int) -> int:
    return size * (UNPACKED if name.endswith(".gz") else 1)


def _read(piece: Piece) -> Iterator[tuple[Key, Found]]:
    number, source, content = piece
    if isinstance(source, Unreadable):
        yield ("", number, 0), (source.where, source)
        return
    stream = None if content is None else BytesIO(content)
    for place, found in enumerate(read_source(source, stream)):
        name = found.id if isinstance(found, Document) else ""
        yield (name, number, place), (source.where, found)


# --- one task


def _home(count: int, key: Key) -> int:
    """The task of an article, by its id: all that have one id come together."""
    return int.from_bytes(sha256(repr(key[0] or key).encode()).digest()[:4], "big") % count


def _lines(load: Load, items: Iterable[tuple[Key, Found]]) -> Iterator[str]:
    from pyspark import TaskContext

    task = TaskContext.get()
    read = alone if task is not None and task.attemptNumber() else serial
    unread: list[Unreadable] = []
    for part in read(_once(items, unread), load):
        yield json.dumps(part.as_record(), ensure_ascii=False)
    for one in unread:
        yield json.dumps({"where": one.where, "reason": one.reason}, ensure_ascii=False)


def _once(items: Iterable[tuple[Key, Found]], unread: list[Unreadable]) -> Iterator[Document]:
    """The first article of each id; equal ones are left out, others of the same id cannot be read."""
    for _, group in groupby(items, key=lambda item: item[0][0]):
        first: bytes | None = None
        for _, (where, found) in group:
            if isinstance(found, Unreadable):
                unread.append(found)
            elif first is None:
                first = digest_of(found)
                yield found
            elif digest_of(found) != first:
                unread.append(taken_by_another(found.id, where))
