"""Relations that a noun phrase states by itself: the office in a title, and mentions on which rules are tried."""

from __future__ import annotations

from collections.abc import Iterator

from kg.extraction.clauses import Predicate, Scene
from kg.extraction.clusters import Clusters
from kg.extraction.events import Draft
from kg.extraction.mentions import Mention
from kg.extraction.stance import Stance
from kg.extraction.words import Hit, Reading
from kg.language import Entry, Pack, Rule
from kg.model import Anchor, Span

TITLE = Rule(name="title of a named person", confidence=0.9)


def offices(scene: Scene, clusters: Clusters) -> Iterator[Draft]:
    """holdsOffice from every title that names both the holder and the state or organization."""
    for mention in (m for top in scene.mentions for m in top.walk()):
        office, of = mention.office, mention.of
        if office is None or not office.kind or mention.entity < 0 or mention.kind == "bare":
            continue
        holder = clusters.clusters[mention.entity]
        number = of.entity if of is not None else clusters.known_office(mention)
        if number is None or number < 0 or number == mention.entity or not any(m.name for m in holder.mentions):
            continue
        if clusters.clusters[number].cls not in {"State", "Organization", "Place"}:
            continue
        words = of or mention
        for held in (office, *mention.more):
            draft = Draft(
                "holdsOffice",
                TITLE,
                {"subject": [mention.entity], "object": [number]},
                pseudo(mention),
                scene,
                [Anchor("subject", Span(mention.start, mention.end)), Anchor("object", Span(words.start, words.end))],
                Stance(),
                office=held.kind,
                former=held.former,
                confidence=TITLE.confidence,
            )
            draft.quote = Span(mention.start, mention.end)
            yield draft


def pseudo(mention: Mention, rules: tuple[tuple[str, int], ...] = (), wants: frozenset[str] = frozenset()) -> Predicate:
    """A predicate that stands for a mention which is a trigger by its class."""
    hit = Hit(
        Entry("trigger", mention.group, "noun", rules),
        Reading(enclitic=mention.reading.enclitic),
        mention.first,
        mention.last,
    )
    return Predicate(hit, "trigger", False, mention.first, mention.last, 0, wants)


def mention_predicates(scene: Scene, pack: Pack) -> list[tuple[Mention, Predicate]]:
    """Pseudo predicates for the mentions on which some rule is `on`."""
    found = []
    for mention in scene.mentions:
        rules = pack.by_class.get(mention.cls, ())
        if rules:
            predicate = pseudo(mention, rules)
            predicate.wants = scene._wants(predicate.hit)
            predicate.clause = scene.clause_of.get(mention.first, 0)
            found.append((mention, predicate))
    return found
