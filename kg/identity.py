"""Who is who across articles: merging, splitting and taking back, in a store.

What is decided stands in a graph of its own. The articles concerned are then written anew, each in one transaction;
a run that is stopped in between is finished by the next one that writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import IO

import pyoxigraph as ox

from kg import turtle
from kg.decisions import DECISIONS_GRAPH, Decision, Decisions, as_read, decision_quads, read_decisions
from kg.errors import DecisionError
from kg.ontology import GP
from kg.rdf import ID, XSD, apart_iri, article_iri, shorten
from kg.store import STORE_GRAPH, Graph, text
from kg.stored import Entities, StoredEntity

_UNSETTLED = ox.Quad(
    DECISIONS_GRAPH,
    ox.NamedNode(GP + "unsettled"),
    ox.Literal("true", datatype=ox.NamedNode(XSD + "boolean")),
    STORE_GRAPH,
)
_PREFIX = "PREFIX gp: <https://w3id.org/geopol/ns#>\n"
_AS_SUBJECT = _PREFIX + "SELECT DISTINCT ?entity ?g WHERE { GRAPH ?g { ?entity ?p ?o . ?g a gp:Article } }"
_AS_OBJECT = _PREFIX + "SELECT DISTINCT ?entity ?g WHERE { GRAPH ?g { ?s ?p ?entity . ?g a gp:Article } }"
_NOTED = _PREFIX + "SELECT ?article ?note WHERE { ?article gp:asRead ?note }"
_CALLED = _PREFIX + "SELECT ?entity ?article ?words WHERE { GRAPH ?article { ?entity gp:mentionedAs ?words } }"
_HOLDS = (
    "PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>\n"
    + _PREFIX
    + "SELECT ?entity ?office ?of ?c WHERE { ?c rdf:subject ?entity ; rdf:object ?of ; gp:office ?office } LIMIT 1"
)


def stored_decisions(graph: Graph) -> Decisions:
    """All that has been decided in this store."""
    return read_decisions(quad.triple for quad in graph.quads(DECISIONS_GRAPH))


def write_turtle(graph: Graph, out: IO[bytes]) -> None:
    """All decisions of the store as a file that `kg.decisions.from_turtle` reads: the same ones, the same bytes."""
    turtle.write(graph.quads(DECISIONS_GRAPH), out, ox.RdfFormat.TURTLE)


# --- what a person decides


def merge(graph: Graph, entity: str, into: str, *, day: str, by: str = "", note: str = "") -> Decision:
    """Everywhere the entity is the other; DecisionError where class or Wikidata say that it cannot be."""
    finish(graph)
    one, other = _known(graph, entity), _known(graph, into)
    _must_fit(one, other)
    pair = {entity, into}
    if any(made.apart and {made.entity, made.meant} == pair for made in stored_decisions(graph).made):
        raise DecisionError(
            f"{shorten(entity)} and {shorten(into)} are not one by an earlier decision; take that back first with "
            f"`kg merge --undo {shorten(entity)} --not {shorten(into)}`"
        )
    if one.matches and not other.matches:
        raise DecisionError(
            f"{shorten(entity)} is {shorten(one.matches[0])} and {shorten(into)} has no Wikidata id: "
            f"merge {shorten(into)} into {shorten(entity)} instead, or link it first with `kg link --set`"
        )
    made = _described(Decision(entity, into, called=one.name(), by=by, date=day, note=note), other)
    _add(graph, [made])
    return made


def keep_apart(graph: Graph, entity: str, other: str, *, day: str, by: str = "", note: str = "") -> Decision:
    """The two are not one: `kg duplicates` offers them no more."""
    finish(graph)
    first, second = sorted((_known(graph, entity), _known(graph, other)), key=lambda one: one.iri)
    if first.iri == second.iri:
        raise DecisionError(f"{shorten(first.iri)} is itself; name two entities")
    made = Decision(first.iri, second.iri, called=first.name(), by=by, date=day, note=note, apart=True)
    before = stored_decisions(graph).made
    if not any(one.apart and (one.entity, one.meant) == (made.entity, made.meant) for one in before):
        _add(graph, [made])
    return made


def offer_again(graph: Graph, entity: str, other: str) -> Decision:
    """Take back that the two are not one; DecisionError when nobody has said so."""
    finish(graph)
    decisions = stored_decisions(graph)
    for one in decisions.made:
        if one.apart and {one.entity, one.meant} == {entity, other}:
            _put(graph, Decisions(kept for kept in decisions.made if kept != one), [one])
            return one
    raise DecisionError(f"{shorten(entity)} and {shorten(other)}: nobody has said that they are not one")


def split(
    graph: Graph,
    entity: str,
    *,
    articles: Iterable[str] = (),
    office: str = "",
    of: str = "",
    to: str = "",
    name: str = "",
    day: str,
    by: str = "",
    note: str = "",
) -> Decision:
    """In these articles, or where it holds that office, the entity is another: `to`, else somebody new."""
    finish(graph)
    one, where = _known(graph, entity), tuple(sorted(set(articles)))
    if bool(where) == bool(office) or bool(office) != bool(of):
        raise DecisionError("say where: in which articles, or which office of whom")
    words = {word for id_ in where for word in _words(graph, entity, id_)}
    if office and not any(
        graph.select(_HOLDS, {"entity": _node(entity), "office": _node(GP + office), "of": _node(of)})
    ):
        raise DecisionError(f"no article says that {shorten(entity)} holds {office} of {shorten(of)}")
    made = Decision(entity, to, where, office, of, called=one.name(), by=by, date=day, note=note)
    if to:
        other = _known(graph, to)
        _must_fit(one, other, qids=False)
        made = _described(made, other)
    else:
        langs = sorted(lang for id_ in where for lang in _lang(graph, id_)) or sorted(one.labels)
        called = name or (one.name() if not one.in_world else "") or _proper(words) or one.name()
        meant = apart_iri(entity, *where, office, of).value
        made = replace(made, meant=meant, cls=one.cls, name=called, lang=langs[0] if langs else "und")
    _add(graph, [made])
    return made


def undo(graph: Graph, entity: str, *, merges: bool) -> tuple[Decision, ...]:
    """Take back the merge of the entity, or its splits (named by either side); DecisionError when there is none."""
    finish(graph)
    decisions = stored_decisions(graph)
    kind = [one for one in decisions.made if one.is_merge == merges and not one.apart]
    gone = tuple(one for one in kind if one.entity == entity or (not merges and one.meant == entity))
    if not gone:
        verb = "merge" if merges else "split"
        into = ", ".join(shorten(one.entity) for one in kind if one.meant == entity)
        hint = f"; into it were merged {into}: name one of them" if into else "; `kg decisions` lists what is decided"
        raise DecisionError(f"{shorten(entity)}: no {verb} to take back{hint}")
    _put(graph, Decisions(one for one in decisions.made if one not in gone), gone)
    return gone


def adopt(graph: Graph, found: Decisions) -> int:
    """Take over decisions made elsewhere, all or none; returns how many are new."""
    finish(graph)
    entities = Entities(graph)
    for one in found.made:
        if entities[one.entity].cls and entities[one.meant].cls:
            _must_fit(entities[one.entity], entities[one.meant], qids=one.is_merge)
    return _add(graph, found.made)


def finish(graph: Graph) -> int:
    """Write what an interrupted decision has left unwritten; returns how many articles."""
    if _UNSETTLED not in set(graph.quads(STORE_GRAPH)):
        return 0
    decisions = stored_decisions(graph)
    noted = {article for article, _ in graph.select(_NOTED) if isinstance(article, ox.NamedNode)}
    count = _rewrite(graph, decisions, noted | _concerned(graph, decisions.made))
    _mark(graph, unsettled=False)
    return count


def _add(graph: Graph, made: Iterable[Decision]) -> int:
    before = stored_decisions(graph)
    new = [one for one in made if one not in before.made]
    if new:
        _put(graph, Decisions([*before.made, *new]), new)
    return len(new)


def _put(graph: Graph, decisions: Decisions, changed: Iterable[Decision]) -> None:
    """The mark first and away last: what happens in between can be finished."""
    _mark(graph, unsettled=True)
    graph.replace(DECISIONS_GRAPH, decision_quads(decisions.made))
    _rewrite(graph, decisions, _concerned(graph, changed))
    _mark(graph, unsettled=False)
    graph.flush()


def _mark(graph: Graph, *, unsettled: bool) -> None:
    kept = {quad for quad in graph.quads(STORE_GRAPH) if quad != _UNSETTLED}
    graph.replace(STORE_GRAPH, sorted(kept | ({_UNSETTLED} if unsettled else set()), key=str))


def _concerned(graph: Graph, changed: Iterable[Decision]) -> set[ox.NamedNode]:
    """The articles that name an entity of these decisions, or what it may have become."""
    decisions = stored_decisions(graph)
    entities = {iri for one in changed for start in (one.entity, one.meant) for iri in decisions.reached(start)}
    return {
        article
        for iri in entities
        for query in (_AS_SUBJECT, _AS_OBJECT)
        for _, article in graph.select(query, {"entity": _node(iri)})
        if isinstance(article, ox.NamedNode)
    }


def _rewrite(graph: Graph, decisions: Decisions, articles: Iterable[ox.NamedNode]) -> int:
    count = 0
    for article in sorted(articles, key=str):
        stored = set(graph.quads(article))
        settled = decisions.settle(as_read(stored))
        if set(settled) != stored:
            graph.replace(article, settled)
            count += 1
    return count


# --- what is known of the two


def _known(graph: Graph, iri: str) -> StoredEntity:
    found = Entities(graph)[iri]
    if not found.cls:
        raise DecisionError(
            f"{shorten(iri)}: no article names it, nor does the world data; `kg decisions` lists merges"
        )
    return found


def _must_fit(one: StoredEntity, other: StoredEntity, *, qids: bool = True) -> None:
    if one.iri == other.iri:
        raise DecisionError(f"{shorten(one.iri)} is itself; name two entities")
    if one.cls != other.cls:
        raise DecisionError(
            f"{shorten(one.iri)} is a {one.cls} and {shorten(other.iri)} a {other.cls}: what is said of the one cannot "
            "be said of the other"
        )
    if qids and one.matches and other.matches and not set(one.matches) & set(other.matches):
        raise DecisionError(
            f"{shorten(one.iri)} is {shorten(one.matches[0])} and {shorten(other.iri)} is {shorten(other.matches[0])} "
            "in Wikidata; where a link is wrong, refuse it first with `kg link --reject`"
        )


def _described(made: Decision, meant: StoredEntity) -> Decision:
    """With class and name of who is meant, unless the world data tells them."""
    if meant.in_world or not meant.labels:
        return made
    lang, name = next(iter(meant.labels.items()))
    return replace(made, cls=meant.cls, name=name, lang=lang or "und")


def _words(graph: Graph, entity: str, article_id: str) -> Iterator[str]:
    """What an article calls the entity; DecisionError where it does not name it."""
    article = article_iri(article_id)
    if graph.digest(article) is None:
        raise DecisionError(f"{graph.location}: no article '{article_id}'; `kg query articles` lists what there is")
    found = [text(row[2]) for row in graph.select(_CALLED, {"entity": _node(entity), "article": article})]
    if not found:
        raise DecisionError(f"the article '{article_id}' does not name {shorten(entity)}")
    yield from found


def _lang(graph: Graph, article_id: str) -> list[str]:
    stamp = ox.NamedNode("https://schema.org/inLanguage")
    return [text(quad.object) for quad in graph.quads(article_iri(article_id)) if quad.predicate == stamp]


def _proper(words: Iterable[str]) -> str:
    """A name rather than a title or a family name: the shortest of two words or more, else the longest."""
    full = [word for word in words if " " in word]
    return min(full, key=lambda word: (len(word), word)) if full else max(words, key=len, default="")


def _node(iri: str) -> ox.NamedNode:
    return ox.NamedNode(iri if "://" in iri else ID + iri)
