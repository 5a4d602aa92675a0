"""Questions to the graph: saved ones with typed parameters, and a guard for all others.

A parameter becomes a term and is bound as one; no text of the user ever becomes part of a query.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Literal, cast, get_args

import pyoxigraph as ox

from kg.errors import OntologyError, QueryError
from kg.ontology import EV, GP, ontology
from kg.rdf import ID, shorten
from kg.resources import data_dir
from kg.store import Answer, Graph, Rows, text

ParameterType = Literal["entity", "eventType", "relation", "text", "date", "integer", "lang", "choice"]
LANGS = ("en", "ar")
XSD = "http://www.w3.org/2001/XMLSchema#"

# The engine answers deep or long queries with a stack overflow that takes the program along:
# pyoxigraph 0.5 at 4,000 braces, 3,000 OPTIONAL or BIND, 10,000 operators. No person comes near.
MAX_LENGTH = 100_000
MAX_DEPTH = 100
MAX_GROUPS = 500
MAX_OPERATORS = 1_000


@dataclass(frozen=True, slots=True)
class Parameter:
    """One value that a saved question takes."""

    name: str
    type: ParameterType
    default: str | None
    required: bool
    descriptions: Mapping[str, str]
    choices: tuple[str, ...] = ()  # of type `choice`: the values that may be given

    @property
    def description(self) -> str:
        """What the value means, in English."""
        return self.descriptions.get("en", "")


@dataclass(frozen=True, slots=True)
class SavedQuery:
    """A question of the folder `queries/`: its SPARQL and the words at the head of its file."""

    name: str
    title: Mapping[str, str]
    description: Mapping[str, str]
    parameters: tuple[Parameter, ...]
    sparql: str

    def parameter(self, name: str) -> Parameter:
        """The parameter of that name; QueryError with a suggestion when there is none."""
        for parameter in self.parameters:
            if parameter.name == name:
                return parameter
        names = [parameter.name for parameter in self.parameters]
        raise QueryError(f"{self.name}: no parameter '{name}'{_suggestion(name, names)}")


_HEAD = re.compile(r"#\s*(title|description)-(en|ar):\s*(.+)")
_PARAM = re.compile(
    r"""\#\s*param:\s*(?P<name>\w+)\s+(?P<type>\w+(?:\|\w+)*)
        (?:\s+(?:(?P<optional>optional)|"(?P<default>[^"]*)"))?(?:\s+(?P<description>.+))?""",
    re.X,
)


_PARAM_AR = re.compile(r"#\s*param-ar:\s*(\w+)\s+(.+)")


def saved_queries(folder: Path | None = None) -> list[SavedQuery]:
    """All saved questions in the order of their names."""
    return [parse_query(path) for path in sorted((folder or data_dir("queries")).glob("*.rq"))]


def load_query(name: str, folder: Path | None = None) -> SavedQuery:
    """The saved question of that name; QueryError with a suggestion when there is none."""
    folder = folder or data_dir("queries")
    names = [path.stem for path in sorted(folder.glob("*.rq"))]
    if name not in names:
        raise QueryError(f"no question '{name}'{_suggestion(name, names)}")
    return parse_query(folder / f"{name}.rq")


def parse_query(path: Path) -> SavedQuery:
    """A question from its file; one without a head has no title and takes no parameters."""
    try:
        sparql = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise QueryError(f"{path}: not UTF-8 text; save it as UTF-8") from error
    except OSError as error:
        raise QueryError(f"{path}: cannot be read ({error.strerror}); check the name") from error
    if path.suffix in (".ttl", ".trig", ".nt", ".nq"):
        raise QueryError(f"{path}: RDF data and no query; name a .rq file or a saved question")
    texts: dict[str, dict[str, str]] = {"title": {}, "description": {}}
    parameters: list[Parameter] = []
    for number, line in enumerate(sparql.splitlines(), 1):
        if found := _HEAD.fullmatch(line.strip()):
            texts[found[1]][found[2]] = found[3]
        elif found := _PARAM_AR.fullmatch(line.strip()):
            parameters = [_in_arabic(one, found[2]) if one.name == found[1] else one for one in parameters]
        elif re.match(r"#\s*param:", line):
            parameters.append(_parameter(line.strip(), f"{path.name}:{number}"))
    return SavedQuery(path.stem, texts["title"], texts["description"], tuple(parameters), sparql)


def _parameter(line: str, where: str) -> Parameter:
    found = _PARAM.fullmatch(line)
    kind = "choice" if found and "|" in found["type"] else found["type"] if found else ""
    if found is None or kind not in get_args(ParameterType) or (kind == "choice" and "|" not in found["type"]):
        types = ", ".join(one for one in get_args(ParameterType) if one != "choice")
        raise QueryError(f'{where}: write "# param: name type [optional|"default"] text", types are {types} or one|two')
    return Parameter(
        found["name"],
        cast(ParameterType, kind),
        found["default"],
        required=not found["optional"] and found["default"] is None,
        descriptions={"en": found["description"] or ""},
        choices=tuple(found["type"].split("|")) if kind == "choice" else (),
    )


def _in_arabic(parameter: Parameter, words: str) -> Parameter:
    return replace(parameter, descriptions={**parameter.descriptions, "ar": words})


def answer(graph: Graph, query: SavedQuery, values: Mapping[str, str]) -> Answer:
    """Ask a saved question; the columns of its parameters are left out of the answer."""
    check(query.sparql)
    bound = bind(graph, query, values)
    found = graph.query(query.sparql, bound)
    return _without(found, {p.name for p in query.parameters}) if isinstance(found, Rows) else found


def ask(graph: Graph, sparql: str) -> Answer:
    """Ask any question of SPARQL that only reads."""
    check(sparql)
    return graph.query(sparql)


def _without(found: Rows, names: set[str]) -> Rows:
    kept = [number for number, name in enumerate(found.variables) if name not in names]
    rows = (tuple(row[number] for number in kept) for row in found.rows)
    return Rows(tuple(found.variables[number] for number in kept), rows)


def bind(graph: Graph, query: SavedQuery, values: Mapping[str, str]) -> dict[str, ox.NamedNode | ox.Literal]:
    """The terms of the given values and of the defaults; QueryError for unknown ones."""
    for name in values:
        query.parameter(name)
    bound = {}
    for parameter in query.parameters:
        value = values.get(parameter.name, parameter.default)
        if value is not None and value != "":
            bound[parameter.name] = _term(graph, parameter, value)
        elif parameter.required:
            raise QueryError(
                f"{query.name}: needs {parameter.name}, {parameter.description}; add --param {parameter.name}=…"
            )
    return bound


def _term(graph: Graph, parameter: Parameter, value: str) -> ox.NamedNode | ox.Literal:
    name = parameter.name
    try:
        match parameter.type:
            case "entity":
                return find_entity(graph, value)
            case "eventType":
                return ox.NamedNode(EV + ontology().event_types[value].name)
            case "relation":
                return ox.NamedNode(GP + ontology().relations[value].name)
    except OntologyError as error:
        raise QueryError(f"{name}: {error}") from error
    if parameter.choices and value not in parameter.choices:
        raise QueryError(f"{name}: '{value}' is none of {', '.join(parameter.choices)}")
    if parameter.type == "lang" and value not in LANGS:
        raise QueryError(f"{name}: '{value}' has no names; choose {' or '.join(LANGS)}")
    if parameter.type == "integer" and not re.fullmatch(r"-?\d{1,18}", value, re.ASCII):
        raise QueryError(f"{name}: '{value}' is no whole number")
    if parameter.type == "date" and not re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
        raise QueryError(f"{name}: '{value}' is no date; write YYYY-MM-DD")
    datatype = {"integer": "integer", "date": "date"}.get(parameter.type, "string")
    return ox.Literal(value, datatype=ox.NamedNode(XSD + datatype))


_KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_KNOWN = "SELECT ?entity WHERE { ?entity ?p ?o } LIMIT 1"
_NAMES = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT DISTINCT ?entity ?name WHERE {
  ?entity rdfs:label|skos:altLabel ?name
  FILTER (STRSTARTS(STR(?entity), "https://w3id.org/geopol/id/"))
}"""
_CALLED = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?name ?entity WHERE {
  ?entity rdfs:label ?name FILTER (STRSTARTS(STR(?entity), "https://w3id.org/geopol/id/"))
}"""
_MERGED = """
PREFIX gp: <https://w3id.org/geopol/ns#>
SELECT ?entity ?meant WHERE { ?entity gp:mergedInto+ ?meant MINUS { ?meant gp:mergedInto ?other } }"""
CANDIDATES = 8  # shown when a name fits several


def find_entity(graph: Graph, value: str) -> ox.NamedNode:
    """The entity of a key (`russia`), an IRI (`id:russia` too), or a name in either language.

    One that was merged is the one it was merged into.
    QueryError lists the candidates when a name fits several, and near names when it fits none.
    """
    key = value.strip().strip("<>").removeprefix("id:").removeprefix(ID)
    if _KEY.fullmatch(key) and any(True for _ in graph.select(_KNOWN, {"entity": ox.NamedNode(ID + key)})):
        return ox.NamedNode(ID + merged_into(graph, key))
    exact = (ox.Literal(value.strip(), language=lang) for lang in LANGS)
    keys = {text(row[1]) for name in exact for row in graph.select(_CALLED, {"name": name})}
    wanted, names = fold(value), {}
    for entity, name in graph.select(_NAMES) if len(keys) != 1 else ():
        folded = fold(text(name))
        names[folded] = text(name)
        if folded == wanted:
            keys.add(text(entity))
    keys = {ID + merged_into(graph, key.removeprefix(ID)) for key in keys}
    if len(keys) == 1:
        return ox.NamedNode(next(iter(keys)))
    if keys:
        some = ", ".join(shorten(iri) for iri in sorted(keys)[:CANDIDATES])
        raise QueryError(f"'{value}' may mean several: {some}; give one of these keys")
    near = [names[name] for name in get_close_matches(wanted, names, 3, 0.7)]
    hint = f"; did you mean {' or '.join(near)}?" if near else "; give a key (russia), an IRI or a name"
    raise QueryError(f"nobody in the store is called '{value}'{hint}")


def merged_into(graph: Graph, key: str) -> str:
    """The key of what an entity has become by decisions to merge; its own where there is none."""
    if not _KEY.fullmatch(key):
        return key
    found = next(graph.select(_MERGED, {"entity": ox.NamedNode(ID + key)}), (None, None))[1]
    return text(found).removeprefix(ID) if found else key


def fold(name: str) -> str:
    """A name as it is compared: no marks, no case, no invisible signs, one form of each letter.

    NFKD takes hamza and madda off their carriers, so that spelling variants of one name agree.

    >>> fold("Ḥmeimim  Air-Base") == fold("hmeimim air base")
    True
    """
    bare = (
        " " if unicodedata.category(letter)[0] in "PZ" else letter
        for letter in unicodedata.normalize("NFKD", name)
        if unicodedata.category(letter) not in ("Mn", "Cf", "Lm")
    )
    return " ".join("".join(bare).casefold().split())


TOKEN = re.compile(
    r"""(?P<skip> <[^<>"{}|^`\\\s]*> | \#[^\n\r]* | [?$]\w+ | \\.
          | \"{3}(?:(?:\"|\"\")?(?:[^"\\]|\\.))*\"{3} | '{3}(?:(?:'|'')?(?:[^'\\]|\\.))*'{3}
          | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*' | [\w.-]*:(?:[\w.%:-]|\\.)* )
      | (?P<open>[{(\[]) | (?P<close>[})\]]) | (?P<operator>[!+*/|&=-])
      | (?P<word>[A-Za-z_]\w*) | .""",
    re.X | re.S,
)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U(0010[0-9A-Fa-f]{4}|000[0-9A-Fa-f]{5})")
_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_CHANGES = ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "COPY", "MOVE", "ADD", "WITH")


def check(sparql: str) -> str:
    """Refuse, before the engine sees it, what is no query, changes data, calls out or nests; returns its form."""
    if len(sparql) > MAX_LENGTH:
        raise QueryError(f"the query has {len(sparql):,} characters; {MAX_LENGTH:,} are allowed")
    form = _check_words(sparql)
    plain = _ESCAPE.sub(lambda found: chr(int(found[1] or found[2], 16)), sparql)
    if plain != sparql:  # some engines resolve \u0053 before they read words
        form = _check_words(plain)
    return form


def _check_words(sparql: str) -> str:
    form, depth, groups, operators = None, 0, 0, 0
    for kind, word in _words(sparql):
        if kind == "open":
            depth += 1
            groups += word == "{"
        elif kind == "close":
            depth -= 1
        elif kind == "operator":
            operators += 1
        elif kind == "at":
            raise QueryError("this is Turtle data and no query; name a .rq file or a saved question")
        elif word == "SERVICE":
            raise QueryError(
                "SERVICE asks another server, which is not allowed; name it with `kg query --federate URL`"
            )
        elif word == "BIND":
            groups += 1
        elif form is None and word in _CHANGES:
            raise QueryError(f"{word} changes the store; only {', '.join(_FORMS)} are allowed")
        elif form is None and word in _FORMS:
            form = word
        if depth > MAX_DEPTH:
            raise QueryError(f"the query nests brackets more than {MAX_DEPTH} deep; make it flatter")
        if groups > MAX_GROUPS or operators > MAX_OPERATORS:
            raise QueryError(
                f"the query has more than {MAX_GROUPS} groups or {MAX_OPERATORS} operators; ask in several steps"
            )
    if form is None:
        raise QueryError(f"no query: it begins with {', '.join(_FORMS)} (PREFIX may stand before)")
    return form


def _words(sparql: str) -> Iterator[tuple[str, str]]:
    """Brackets, operators and bare words in upper case; strings, IRIs and names are skipped."""
    start = True
    for match in TOKEN.finditer(sparql):
        kind = match.lastgroup or ""
        if kind in ("open", "close", "operator", "word"):
            yield kind, match[0].upper()
        elif start and match[0] == "@":
            yield "at", "@"
        start = start and (match[0].isspace() or match[0].startswith("#"))


def _suggestion(name: str, names: list[str]) -> str:
    near = get_close_matches(name, names, 1, 0.5)
    if near:
        return f"; did you mean '{near[0]}'?"
    return f"; there are {', '.join(names)}" if names else "; it takes none"
