"""One article from text to claims: the order in which the parts of the engine work."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache

from kg.extraction import head_first, head_last
from kg.extraction.assembly import Doubting, claims_of
from kg.extraction.clauses import Scene
from kg.extraction.clusters import Clusters
from kg.extraction.dates import Calendar
from kg.extraction.dating import date_acts
from kg.extraction.doubt import Filter
from kg.extraction.events import Draft, Matcher, Resolver
from kg.extraction.gazetteer import Gazetteer, Sense, gazetteer
from kg.extraction.given import joined
from kg.extraction.mentions import Mention
from kg.extraction.names_last import short_forms
from kg.extraction.relations import mention_predicates, offices
from kg.extraction.series import blame, carry_on
from kg.extraction.slot_base import Thread
from kg.extraction.slots import Slots
from kg.extraction.speech import go_on, speeches
from kg.extraction.subject_first import SvoScene
from kg.extraction.subject_first_slots import SvoSlots
from kg.extraction.subject_first_speech import carried, svo_speeches
from kg.extraction.weights import weights_of
from kg.extraction.words import Sentence, Word, sentences_of, words_of
from kg.language import Pack
from kg.model import Discarded, Document, Extraction, Span
from kg.ontology import Ontology, ontology

SENTENCE_ENDS = frozenset(".!?؟…")


class Reader:
    """Reads articles of one language. Holds no state between articles."""

    def __init__(self, names: Gazetteer, terms: Ontology, doubts: Doubting | None = None) -> None:
        self.names, self.ontology, self.doubts = names, terms, doubts
        self.pack: Pack = names.pack
        self.calendar = Calendar(self.pack)

    def read(self, document: Document, extra: Sequence[tuple[Span, str]] = ()) -> Extraction:
        """Everything that the article claims. `extra`: spans with classes that another tagger found."""
        words = words_of(document.text, self.pack)
        sentences = sentences_of(words, self.pack, SENTENCE_ENDS)
        mentions = joined(self.mentions(words, document.date or ""), words, extra, self.pack)
        clusters = Clusters(mentions, words, self.names.world)
        resolver = Resolver(clusters)
        discarded: list[Discarded] = []
        drafts: list[Draft] = []
        matcher = Matcher(self.pack, self.ontology, clusters, resolver)
        thread = Thread()
        inside = _by_sentence(mentions, sentences)
        for sentence in sentences:
            drafts += self._sentence(words, sentence, inside[sentence.first], matcher, thread, document)
        discarded += matcher.discarded
        world = self.names.world
        return claims_of(document, drafts, clusters, words, self.pack, self.ontology, world, discarded, self.doubts)

    def spans(self, text: str) -> list[tuple[Span, str]]:
        """Code points and class of every mention in a text, those within titles included."""
        words = words_of(text, self.pack)
        found = [(Span(m.start, m.end), m.cls) for top in self.mentions(words) for m in top.walk()]
        return sorted({(span, cls) for span, cls in found if span.end > span.start and cls[0].isupper()})

    def mentions(self, words: list[Word], day: str = "") -> list[Mention]:
        """Mentions in two passes: the second knows the people whom the first found in full.

        `day`: when the article was published; of several leaders of one name it means the one in office.
        """
        known: dict[str, str] = {}
        noun_phrases = head_first.NounPhrases if self.pack.language.head_first else head_last.NounPhrases
        before = noun_phrases(words, self.names, {})
        first = before.all()
        for mention in (m for top in first for m in top.walk()):
            if mention.cls == "Person" and mention.name and mention.core and not mention.senses:
                parts = mention.core.split()
                if len(parts) > 1:
                    known.setdefault(parts[-1], mention.core)
        short = short_forms(words, first) if self.pack.language.word_order == "SVO" else {}
        if not short and not any(m.cls == "Person" for m in first):
            return first
        again = noun_phrases(words, self.names, known)
        again.matches = before.matches
        if isinstance(again, head_last.NounPhrases):
            again.short = short
        if isinstance(again, head_first.NounPhrases) and isinstance(before, head_first.NounPhrases):
            again.runs, again.leading, again.blank = before.runs, before.leading, before.blank
            again.families, again.day = _families(words, first), day
        again.full = frozenset(
            s.ref
            for top in first
            for m in top.walk()
            for s in m.senses
            if s.cls == "Person" and (m.kind == "name" or m.office)
        )
        return again.all()

    def _sentence(
        self, words: list[Word], sentence: Sentence, mentions: list[Mention], matcher: Matcher, thread: Thread,
        document: Document,
    ) -> list[Draft]:  # fmt: skip
        own = [m for m in mentions if not m.lost]
        svo = self.pack.language.word_order == "SVO"
        scene = SvoScene(words, sentence, own, self.pack) if svo else Scene(words, sentence, own, self.pack)
        slots = (
            SvoSlots(scene, thread.topic, list(thread.voice))
            if isinstance(scene, SvoScene)
            else Slots(scene, thread.topic, thread)
        )
        resolver = matcher.resolver
        for mention in own:
            resolver.see(mention)
        spoken = svo_speeches(slots) if isinstance(slots, SvoSlots) else speeches(scene, list(thread.voice))
        made = matcher.drafts(scene, slots, spoken)
        for mention, predicate in mention_predicates(scene, self.pack):
            made += matcher.on_mention(mention, predicate, scene, slots, spoken)
        thread.series = carry_on(scene, made, thread.series)
        blame(made, thread.told)
        self._date(scene, made, document.date)
        made += offices(scene, matcher.clusters)
        for draft in made:
            people = draft.args.get("actor", []) + draft.args.get("recipient", [])
            if draft.type in {"meeting", "call", "reception", "sign"} and len(people) == 2:
                resolver.pair = people
        if isinstance(slots, SvoSlots):
            thread.voice, thread.topic = carried(slots), slots.next_topic()
        else:
            go_on(scene, spoken, thread)
        return made

    def _date(self, scene: Scene, drafts: list[Draft], published: str | None) -> None:
        if all(draft.type in self.ontology.relations for draft in drafts):
            return
        found = self.calendar.find(scene.words, scene.sentence.first, scene.sentence.last, published)
        acts = [draft for draft in drafts if draft.type not in self.ontology.relations]
        date_acts(scene, acts, found, published)


def _by_sentence(mentions: list[Mention], sentences: list[Sentence]) -> defaultdict[int, list[Mention]]:
    """The mentions that begin in each sentence, by its first word."""
    found: defaultdict[int, list[Mention]] = defaultdict(list)
    firsts = [sentence.first for sentence in sentences]
    for mention in mentions:
        k = bisect_right(firsts, mention.first) - 1
        if k >= 0 and mention.first < sentences[k].last:
            found[firsts[k]].append(mention)
    return found


def _families(words: list[Word], mentions: list[Mention]) -> dict[str, tuple[Sense, ...]]:
    """The last words of the names of known people whom the article names in full."""
    found: dict[str, tuple[Sense, ...]] = {}
    for mention in (m for top in mentions for m in top.walk()):
        if mention.cls == "Person" and mention.senses and mention.name and mention.name[1] - mention.name[0] > 1:
            found.setdefault(words[mention.name[1] - 1].norm, mention.senses)
    return found


@lru_cache(maxsize=8)
def reader(lang: str, model: bool = True) -> Reader:
    """The reader of a language with the world data that comes with the program; `model`: with its weights, if any."""
    weights = weights_of(lang) if model else None
    return Reader(gazetteer(lang), ontology(), Filter(weights) if weights is not None else None)
