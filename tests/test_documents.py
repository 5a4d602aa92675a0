"""Reading articles: every kind of input, and one exact sentence for every kind of bad input."""

from __future__ import annotations

import codecs
import gzip
import io
import json
import logging
import os
import random
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kg.documents import Unreadable, from_text, read
from kg.errors import InputError
from kg.model import Document
from kg.streams import CHUNK, MAX_PIECE, objects, unwrap

ARTICLE = "زيارة إلى دمشق\n\nزار بوتين دمشق اليوم.\n"
ENGLISH = "Putin visited Damascus on Tuesday."
PAGE = """<!doctype html><html><head>{meta}<title>بوتين في دمشق</title>
<meta property="og:title" content="بوتين في دمشق"><meta property="article:published_time"
content="2025-10-15T10:00:00Z"><link rel="canonical" href="https://example.org/a"></head>
<body><article><h1>بوتين في دمشق</h1><p>{body}</p><p>{body}</p></article></body></html>"""
BODY = "زار الرئيس الروسي فلاديمير بوتين العاصمة السورية دمشق اليوم وبحث مع نظيره الوجود العسكري. " * 3


def documents(*paths: Path | str, stdin: bytes | None = None) -> list[Document]:
    found = list(read(paths, stdin=io.BytesIO(stdin) if stdin is not None else None))
    assert all(isinstance(item, Document) for item in found), found
    return [item for item in found if isinstance(item, Document)]


def faults(*paths: Path | str, stdin: bytes | None = None) -> list[str]:
    found = read(paths, stdin=io.BytesIO(stdin) if stdin is not None else None)
    return [str(item) for item in found if isinstance(item, Unreadable)]


def put(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


# --- what is read


def test_a_text_file_keeps_its_words_and_its_first_line_is_the_title(tmp_path: Path) -> None:
    [document] = documents(put(tmp_path / "visit.txt", ARTICLE))
    assert document == Document("visit", ARTICLE, lang="ar", title="زيارة إلى دمشق")


def test_a_title_given_apart_stands_before_the_body_once(tmp_path: Path) -> None:
    apart = {"id": "a", "title": "Visit", "text": ENGLISH}
    within = {"id": "b", "title": "Visit", "text": f"Visit\n\n{ENGLISH}"}
    found = documents(put(tmp_path / "x.json", json.dumps([apart, within])))
    assert [document.text for document in found] == [f"Visit\n\n{ENGLISH}"] * 2


def test_a_page_gives_text_title_date_and_address(tmp_path: Path) -> None:
    [document] = documents(put(tmp_path / "a.html", PAGE.format(meta="", body=BODY)))
    assert document.text.startswith("بوتين في دمشق\n\nزار الرئيس الروسي")
    assert (document.title, document.date) == ("بوتين في دمشق", "2025-10-15")
    assert document.url == "https://example.org/a"


def test_a_page_is_read_in_the_charset_that_it_declares(tmp_path: Path) -> None:
    page = PAGE.format(meta='<meta charset="windows-1256">', body=BODY).encode("windows-1256")
    [document] = documents(put(tmp_path / "a.htm", page))
    assert "فلاديمير بوتين" in document.text


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be"])
def test_a_byte_order_mark_tells_the_encoding(tmp_path: Path, encoding: str) -> None:
    mark = codecs.BOM_UTF16_BE if encoding == "utf-16-be" else b""
    [document] = documents(put(tmp_path / "a.txt", mark + ARTICLE.encode(encoding)))
    assert document.text == ARTICLE


def test_gzip_is_unpacked_for_every_kind(tmp_path: Path) -> None:
    line = json.dumps({"id": "n", "text": ENGLISH})
    put(tmp_path / "a.txt.gz", gzip.compress(ARTICLE.encode()))
    put(tmp_path / "b.jsonl.gz", gzip.compress(line.encode()) + gzip.compress(b"\n"))
    assert [document.id for document in documents(tmp_path)] == ["a", "n"]


def test_a_folder_is_read_recursively_in_order_and_hidden_files_are_left_out(
    tmp_path: Path,
) -> None:
    for name in ("b.txt", "a/z.txt", "a/y.txt", ".hidden.txt", ".git/c.txt", "notes.pdf"):
        put(tmp_path / name, f"{ENGLISH} {name}")
    assert [document.id for document in documents(tmp_path)] == ["b", "y", "z"]


@pytest.mark.parametrize(
    ("content", "ids"),
    [
        (b'{"id": "a", "text": "The visit."}\n{"id": "b", "text": "The talks."}\n', ["a", "b"]),
        (b'[{"id": "a", "text": "The visit."}]', ["a"]),
        (b'{\n "id": "a",\n "text": "The visit."\n}', ["a"]),
        (b'{"id": "a", "text": "The visit."}', ["a"]),
        (b"The visit.\n\nPutin visited Damascus.", ["stdin"]),
        (gzip.compress(b"The visit."), ["stdin"]),
        (PAGE.format(meta="", body=BODY).encode(), ["stdin"]),
    ],
)
def test_standard_input_tells_its_kind_by_its_beginning(content: bytes, ids: list[str]) -> None:
    assert [document.id for document in documents("-", stdin=content)] == ids


def test_other_keys_are_ignored_and_the_language_is_found(tmp_path: Path) -> None:
    record = {"text": ENGLISH, "lang": None, "author": ["x"], "url": "https://example.org"}
    [document] = documents(put(tmp_path / "x.jsonl", json.dumps(record)))
    assert (document.id, document.lang, document.url) == ("x-1", "en", "https://example.org")


def test_a_declared_language_wins_and_its_region_is_dropped(tmp_path: Path) -> None:
    record = {"id": 7, "text": "Putin 2025", "lang": "ar-SY"}
    [document] = documents(put(tmp_path / "x.json", json.dumps(record)))
    assert (document.id, document.lang) == ("7", "ar")


def test_files_of_the_same_name_get_different_ids_that_do_not_depend_on_the_machine(
    tmp_path: Path,
) -> None:
    for root in ("one", "two"):
        put(tmp_path / root / "x.txt", ENGLISH)
        put(tmp_path / root / "deep" / "x.txt", f"{ENGLISH} Again.")
    first = [document.id for document in documents(tmp_path / "one")]
    assert len(set(first)) == 2
    assert first == [document.id for document in documents(tmp_path / "two")]


def test_an_article_that_stands_twice_is_given_once(tmp_path: Path) -> None:
    path = put(tmp_path / "x.jsonl", json.dumps({"id": "a", "text": ENGLISH}) + "\n")
    assert len(documents(path, path, tmp_path)) == 1


def test_direction_marks_stay_because_offsets_count_them(tmp_path: Path) -> None:
    text = "\u202bزار بوتين\u202c دمشق\u200f."
    assert documents(put(tmp_path / "x.txt", text))[0].text == text


def test_line_ends_of_a_text_file_become_newlines(tmp_path: Path) -> None:
    assert documents(put(tmp_path / "x.txt", "Visit\r\n\r\nThe talks."))[0].text == ("Visit\n\nThe talks.")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("2025", "2025"),
        ("2025-10", "2025-10"),
        ("2025-10-15", "2025-10-15"),
        ("2025-10-15T08:00:00+03:00", "2025-10-15"),
    ],
)
def test_a_date_may_be_partial_or_carry_a_time(tmp_path: Path, given: str, kept: str) -> None:
    path = put(tmp_path / "x.json", json.dumps({"text": ENGLISH, "date": given}))
    assert documents(path)[0].date == kept


@pytest.mark.parametrize("given", ["soon", "2025-02-30", "15/10/2025", 20251015])
def test_a_date_that_is_none_is_dropped_with_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, given: object
) -> None:
    path = put(tmp_path / "x.json", json.dumps({"text": ENGLISH, "date": given}))
    with caplog.at_level(logging.WARNING):
        assert documents(path)[0].date is None
    assert caplog.messages == [f"{path}:1: the date {given!r} is not YYYY-MM-DD; the article is read without a date"]


def test_words_given_directly_are_a_document() -> None:
    assert from_text("زار بوتين دمشق").lang == "ar"
    with pytest.raises(InputError, match="the 'text' is empty"):
        from_text("  ")


# --- what is refused, and how it is said


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("x.txt", b"", "empty; there is nothing to read"),
        ("x.txt", b" \n ", "the 'text' is empty; put the article there"),
        (
            "x.txt",
            b"\x89PNG\r\n\x1a\n\0\0\0",
            "holds NUL bytes, so it is no text; give the article as text",
        ),
        ("x.txt", ARTICLE.encode("windows-1256"), "not UTF-8 text; save it as UTF-8"),
        ("x.txt", codecs.BOM_UTF16_LE + b"a\0\0\xd8", "not sound UTF-16 text; save it as UTF-8"),
        (
            "x.txt",
            b"word " * 400_001,
            "longer than 2,000,000 characters; split it into articles",
        ),
        ("x.html", b"<html><body><a href='/'>Home</a></body></html>", "no article on this page; save its text as .txt"),
        (
            "x.html",
            b"<html><body></body></html>",
            "no article on this page; save its text as .txt",
        ),
        (
            "x.html",
            b"<meta charset=klingon><p>x",
            "declares the unknown charset 'klingon'; save it as UTF-8",
        ),
        (
            "x.html",
            b"<meta charset=ascii><p>\xe9",
            "declares 'ascii' but is not in it; save it as UTF-8",
        ),
        ("x.gz.txt.gz", b"\x1f\x8bnonsense", "not a sound gzip file; pack it again"),
        (
            "x.txt.gz",
            gzip.compress(ARTICLE.encode())[:-9],
            "the gzip file is cut off; fetch it again",
        ),
        (
            "x.jsonl.gz",
            gzip.compress(bytes(100 << 20)),
            "unpacks to more than 200 times its size; if it is sound, unpack it first",
        ),
        (
            "x.json",
            b" [] ",
            "holds no article; give an object with a 'text', or a list of such objects",
        ),
        (
            "x.json",
            b"text",
            "not valid JSON near line 1; give one object or a list of objects",
        ),
        ("x.json", b'["a"]', "not valid JSON near line 1; give one object or a list of objects"),
        ("x.pdf", b"%PDF", "not a kind of file that holds articles; give .txt, .html, .json or"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_in_one_sentence(
    tmp_path: Path, name: str, content: bytes, sentence: str
) -> None:
    path = put(tmp_path / name, content)
    [fault] = faults(path)
    assert fault.startswith(f"{path}: {sentence}")
    assert "\n" not in fault


@pytest.mark.parametrize(
    ("record", "sentence"),
    [
        ('{"id": "x"}', "no 'text'; an article is an object with at least that key"),
        ('{"text": ""}', "the 'text' is empty; put the article there"),
        ('{"text": 5}', "'text' is 5, which is no text; put it in quotation marks"),
        (
            '{"text": "x", "title": ["a"]}',
            "'title' is [\"a\"], which is no text; put it in quotation marks",
        ),
        (
            '{"text": "a \\u0000 b"}',
            "holds NUL characters, so it is no text; take them out",
        ),
        (
            '{"text": "a \\ud800 b"}',
            "'text' holds half a character (a lone surrogate); save it as UTF-8",
        ),
        (
            '{"text": "x", "id": "\\u0000"}',
            "the id holds NUL characters or is too long; give a shorter one",
        ),
        ('{"text": "x"', "not valid JSON: expecting ',' delimiter at column 13"),
        ("[1]", "not a JSON object; each article is an object with a 'text'"),
        ("[" * 100_000, "JSON that is nested too deeply or holds too long a number"),
        (
            '{"text": "ประธานาธิบดีต้อนรับผู้นำ"}',
            "the language 'th' is not supported; articles may be in ar or en",
        ),
        (
            '{"text": "Bonjour", "lang": "fr"}',
            "the language 'fr' is not supported; articles may be in ar or en",
        ),
        (
            '{"text": "12:30"}',
            "no words in a language that is known here; articles may be in ar or en",
        ),
    ],
)
def test_a_bad_record_is_told_with_its_line_and_the_rest_is_read(tmp_path: Path, record: str, sentence: str) -> None:
    good = json.dumps({"text": ENGLISH})
    path = put(tmp_path / "x.jsonl", f"{good}\n{record}\n{good}\n")
    found = list(read([path]))
    assert [str(item) for item in found if isinstance(item, Unreadable)] == [f"{path}:2: {sentence}"]
    assert [item.id for item in found if isinstance(item, Document)] == ["x-1", "x-3"]


def test_one_broken_line_of_a_thousand_costs_one_article(tmp_path: Path) -> None:
    records = [json.dumps({"id": f"a{n}", "text": ENGLISH}) for n in range(1, 1001)]
    records[6] = '{"id": "a7", "text": broken}'
    path = put(tmp_path / "x.jsonl", "\n".join(records))
    found = list(read([path]))
    assert sum(isinstance(item, Document) for item in found) == 999
    assert str(found[6]) == f"{path}:7: not valid JSON: expecting value at column 22"


def test_a_line_in_another_encoding_costs_one_article(tmp_path: Path) -> None:
    good = json.dumps({"text": ENGLISH}).encode()
    path = put(tmp_path / "x.jsonl", good + b'\n{"text": "\xe9"}\n' + good)
    assert faults(path) == [f"{path}:2: not UTF-8 text; save it as UTF-8"]


def test_a_cut_off_list_keeps_the_articles_before_the_cut(tmp_path: Path) -> None:
    whole = json.dumps([{"id": "a", "text": ENGLISH}, {"id": "b", "text": ENGLISH}], indent=1)
    path = put(tmp_path / "x.json", whole[:-20])
    found = list(read([path]))
    assert [item.id for item in found if isinstance(item, Document)] == ["a"]
    assert str(found[-1]) == f"{path}: breaks off in the middle, at line 8; the file is cut off"


def test_an_id_that_two_articles_claim_is_refused_the_second_time(tmp_path: Path) -> None:
    records = [{"id": "a", "text": ENGLISH}, {"id": "a", "text": "The talks."}]
    path = put(tmp_path / "x.json", json.dumps(records))
    assert faults(path) == [f"{path}: the id 'a' is taken by another article; give each an id of its own"]


def test_a_missing_path_and_a_folder_without_articles_are_told(tmp_path: Path) -> None:
    assert faults(tmp_path / "no") == [f"{tmp_path / 'no'}: no such file or folder; check the path"]
    assert faults(tmp_path) == [
        f"{tmp_path}: no articles in this folder; give .txt, .html, .json or .jsonl, each also .gz"
    ]


def test_nothing_on_standard_input_is_told() -> None:
    assert faults("-", stdin=b"") == ["standard input: empty; there is nothing to read"]


@contextmanager
def unprivileged() -> Iterator[None]:
    """As somebody who may not read everything, also where the tests run as root."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


def test_files_and_folders_without_permission_are_told_and_the_rest_is_read(tmp_path: Path) -> None:
    for folder in (tmp_path, *tmp_path.parents[:3]):
        if folder.stat().st_uid == os.getuid() and "pytest" in folder.as_posix():
            folder.chmod(0o755)
    put(tmp_path / "open.txt", ENGLISH)
    put(tmp_path / "shut.txt", ENGLISH).chmod(0)
    put(tmp_path / "closed" / "x.txt", ENGLISH)
    (tmp_path / "closed").chmod(0)
    with unprivileged():
        found = list(read([tmp_path]))
    (tmp_path / "closed").chmod(0o755)
    sentence = "no permission to read it; change its rights or run as its owner"
    assert {str(item) for item in found if isinstance(item, Unreadable)} == {
        f"{tmp_path / 'shut.txt'}: {sentence}",
        f"{tmp_path / 'closed'}: {sentence}",
    }
    assert [item.id for item in found if isinstance(item, Document)] == ["open"]


# --- what it costs


def test_a_line_of_a_hundred_megabytes_does_not_fill_the_memory(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    with path.open("wb") as file:
        for _ in range(100):
            file.write(b"x" * (1 << 20))
        file.write(b"\n" + json.dumps({"id": "after", "text": ENGLISH}).encode())
    tracemalloc.start()
    found = list(read([path]))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert str(found[0]) == f"{path}:1: longer than 16 MB; split it into articles"
    assert isinstance(found[1], Document)
    assert peak < 3 * MAX_PIECE


def test_a_list_is_read_one_article_at_a_time() -> None:
    many = b"[" + b",".join(b'{"id": "a", "text": "The visit."}' for _ in range(100_000)) + b"]"
    stream = io.BytesIO(many)
    first = next(iter(read(["-"], stdin=stream)))
    assert isinstance(first, Document)
    assert stream.tell() <= 2 * CHUNK


def test_objects_are_found_wherever_the_chunks_are_cut() -> None:
    rng = random.Random(7)
    texts = ['a "quote" {brace} [x]', "back\\slash\\", "line\nbreak", "زار بوتين", "}{]["]
    records = [{"text": rng.choice(texts), "deep": [[{}], {"k": "]"}]} for _ in range(40)]
    dumped = json.dumps(records, ensure_ascii=False, indent=rng.choice([None, 1]))
    for padding in range(0, 60, 7):
        text = " " * (CHUNK - padding) + dumped
        found = list(objects(unwrap(io.BytesIO(text.encode()))))
        assert [json.loads(piece.text) for piece in found] == records


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("عاجل\n\nبوتين يزور دمشق\n\nوصل بوتين إلى دمشق.", "بوتين يزور دمشق"),
        ("Putin visits Damascus\n\nSyria\n\nHe arrived.", "Putin visits Damascus"),
        ("Damascus", "Damascus"),
    ],
)
def test_a_first_line_of_one_word_is_no_headline_when_another_follows(tmp_path: Path, text: str, title: str) -> None:
    path = tmp_path / "x.txt"
    path.write_text(text, encoding="utf-8")
    (found,) = read([path])
    assert isinstance(found, Document)
    assert found.title == title
