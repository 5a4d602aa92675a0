"""Mentions to entities: one entity per thing the article speaks of, with the reason for the choice of its record.

Names are settled first; descriptions (the Russian president, the agreement) then look for a named entity they fit.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from kg.extraction.gazetteer import Sense
from kg.extraction.mentions import Mention, Office
from kg.extraction.served import serve
from kg.extraction.words import Word
from kg.model import Candidate, Span
from kg.seeds import City, Person, State, World

STEM = 4  # letters of a head word that its plural shares
ORDER = ("State", "Organization", "Person", "MilitaryBase", "Agreement", "Place")


@dataclass(slots=True, eq=False)
class Cluster:
    """An entity in the making."""

    number: int
    cls: str
    key: str
    ref: str | None = None
    mentions: list[Mention] = field(default_factory=list)
    spans: set[Span] = field(default_factory=set)
    offices: list[tuple[str, int, bool, Mention]] = field(
        default_factory=list
    )  # kind, of (entity number), former, where
    candidates: tuple[Candidate, ...] = ()
    group: str = ""
    words: set[str] = field(default_factory=set)
    plural: bool = False


class Clusters:
    """The entities of one article."""

    def __init__(self, mentions: list[Mention], words: list[Word], world: World) -> None:
        self.words, self.world = words, world
        self.clusters: list[Cluster] = []
        self.by_key: dict[str, Cluster] = {}
        self.named_states = {s.ref for m in mentions for x in m.walk() for s in x.senses if s.cls == "State"}
        everything = [m for mention in mentions for m in reversed(list(mention.walk()))]
        serve(mentions, words)
        for mention in everything:
            if mention.kind not in {"own", "pair", "bare", "pronoun"} and not (
                mention.kind == "title" and not mention.name
            ):
                self._place(mention)
        for mention in mentions:
            if mention.kind == "title" and not mention.name:
                self._describe(mention)
        for mention in (m for top in mentions for m in top.walk()):
            if mention.kind == "bare":
                self._bare(mention)

    def cluster(self, cls: str, key: str, ref: str | None = None) -> Cluster:
        """The entity of that key, made when there is none."""
        found = self.by_key.get(key)
        if found is None:
            found = Cluster(len(self.clusters), cls, key, ref)
            self.clusters.append(found)
            self.by_key[key] = found
        return found

    def state(self, ref: str, mention: Mention | None = None) -> Cluster:
        """The state entity of a world-data id, with the mention that stands for it."""
        found = self.cluster("State", f"ref:{ref}", ref)
        if mention is not None:
            found.candidates = found.candidates or (Candidate(ref, 0.7, "its capital stands for it"),)
            self._span(found, mention)
        return found

    # -- names ---------------------------------------------------------------------------------------------------

    def _place(self, mention: Mention) -> None:
        owned = any(m.cls == "Organization" for m in mention.inner)
        if mention.cls == "MilitaryBase" and mention.plural and not mention.name and not owned:
            return  # «the Russian bases» is no base
        sense = self.sense(mention)
        if sense is not None:
            cluster = self.cluster(sense.cls, f"ref:{sense.ref}", sense.ref)
            cluster.candidates = cluster.candidates or self._candidates(mention, sense)
        elif mention.kind == "unknown" and mention.cls != "Person":
            cluster = self.cluster(mention.cls, f"{mention.cls}:{mention.core}")
        elif mention.cls == "Person":
            cluster = self.cluster("Person", f"person:{mention.core}")
        elif mention.kind == "head":
            cluster = self._head(mention)
        else:
            return
        mention.cls = cluster.cls
        self._join(cluster, mention)

    def _join(self, cluster: Cluster, mention: Mention) -> None:
        mention.entity = cluster.number
        cluster.mentions.append(mention)
        cluster.plural |= mention.plural or mention.collective
        self._span(cluster, mention)
        if mention.office is not None and mention.of is not None and mention.of.entity >= 0:
            cluster.offices.append((mention.office.kind, mention.of.entity, mention.office.former, mention))

    def _span(self, cluster: Cluster, mention: Mention) -> None:
        if mention.end > mention.start:
            cluster.spans.add(Span(mention.start, mention.end))
        if mention.name and mention.name[0] > mention.first:
            first, last = mention.name
            cluster.spans.add(Span(self.words[first].start, self.words[last - 1].end))
            office = mention.office
            if office is not None and office.last > office.first == mention.first:
                cluster.spans.add(Span(mention.start, self.words[min(office.last, mention.last) - 1].end))
        elif mention.name and mention.name[1] < mention.last:
            first, last = mention.name
            cluster.spans.add(Span(mention.start, self.words[last - 1].end))

    def sense(self, mention: Mention) -> Sense | None:
        """The sense that the context supports: of people the one whose state the article names; else the first."""
        senses = [s for s in mention.senses if s.kind != "capital"] or list(mention.senses)
        if not senses:
            return None
        named = [s for s in senses if s.cls == mention.cls] or senses
        return max(named, key=lambda s: (self._support(s, mention), -ORDER.index(s.cls), s.ref))

    def _support(self, sense: Sense, mention: Mention) -> int:
        record = self.world.records[sense.ref]
        score = 2 if f"ref:{sense.ref}" in self.by_key else 0
        if isinstance(record, Person):
            states = {term.of for term in record.offices}
            of = mention.of.ref() if mention.of is not None else None
            score += 4 * (of in states) + (1 if states & self.named_states else 0)
        if isinstance(record, City):
            score += record.state in self.named_states
        return score

    def _candidates(self, mention: Mention, chosen: Sense) -> tuple[Candidate, ...]:
        seen: dict[str, Candidate] = {}
        for sense in [chosen, *mention.senses]:
            score = 0.95 if sense is chosen and len(mention.senses) == 1 else 0.7 if sense is chosen else 0.3
            seen.setdefault(sense.ref, Candidate(sense.ref, score, f"{sense.kind} in the world data"))
        return tuple(seen.values())

    # -- head words -----------------------------------------------------------------------------------------------

    def _head(self, mention: Mention) -> Cluster:
        words = {w for w in mention.core.split() if len(w) > 2 and not _kin(w, mention.group)}
        key = f"{mention.cls}:{mention.core}"
        if key in self.by_key:
            return self.by_key[key]
        if mention.cls in {"Agreement", "MilitaryBase"}:
            refs = {m.senses[0].ref for m in mention.inner if m.senses}
            for other in self.clusters:
                if (
                    other.cls == mention.cls
                    and _kin(other.group, mention.group)
                    and self._compatible(other, words, refs)
                ):
                    self.by_key[key] = other
                    return other
        cluster = self.cluster(mention.cls, key)
        cluster.group, cluster.words = mention.group, words
        return cluster

    def _compatible(self, other: Cluster, words: set[str], refs: set[str]) -> bool:
        """Two descriptions with one head word are one thing when the smaller says nothing that the larger lacks."""
        theirs = {s.ref for m in other.mentions for x in m.inner for s in x.senses[:1]}
        small, large = sorted((words, other.words), key=len)
        return small <= large or bool(refs & theirs)

    # -- descriptions ----------------------------------------------------------------------------------------------

    def _describe(self, mention: Mention) -> None:
        """A title without a name: the person of the article who is known to hold that office, else somebody new."""
        office, of = mention.office, mention.of
        if office is None or of is None or of.entity < 0:
            return
        department = " ".join(self.words[k].norm for k in range(office.first, office.last) if k < (of.first or 0))
        fitting = [
            (where.first > mention.first, abs(mention.first - where.first), cluster)
            for cluster in self.clusters
            for kind, state, former, where in cluster.offices
            if kind == office.kind != "other" and state == of.entity and former == office.former
            and (kind != "minister" or self._department(mention) in {(), self._department(where)})
        ]  # fmt: skip
        if fitting:  # «the American minister» is the one spoken of last
            self._join(min(fitting, key=lambda found: found[:2])[2], mention)
            return
        if (known := self._holder(mention)) is not None:
            self._join(known, mention)
            return
        cluster = self.cluster("Person", f"title:{office.kind}:{of.entity}:{office.former}:{department}")
        self._join(cluster, mention)

    def _department(self, mention: Mention) -> tuple[str, ...]:
        office = mention.office
        if office is None:
            return ()
        words = self.words[office.first : office.last]
        return tuple(h.reading.bare for w in words if (h := w.hit("portfolio")) and h.reading.cost < 3)

    def _holder(self, mention: Mention) -> Cluster | None:
        """Somebody whom the article names without title, and whom the world data knows in that office."""
        office, of = mention.office, mention.of
        if office is None or of is None or office.kind not in {"headOfState", "headOfGovernment"}:
            return None
        state = self.clusters[of.entity].ref
        for cluster in self.clusters:
            record = self.world.records.get(cluster.ref or "")
            if any(former for _kind, _of, former, _where in cluster.offices) and not office.former:
                continue
            if isinstance(record, Person) and any(t.of == state and t.office == office.kind for t in record.offices):
                return cluster
        return None

    def known_office(self, mention: Mention) -> int | None:
        """«President Putin» names no state: take one of the article whose office he is known to have held."""
        record = self.world.records.get(self.clusters[mention.entity].ref or "")
        if mention.office is None or not isinstance(record, Person):
            return None
        for term in record.offices:
            known = self.by_key.get(f"ref:{term.of}")
            if term.office == mention.office.kind and known is not None and known.mentions:
                return known.number
        return None

    def _bare(self, mention: Mention) -> None:
        """الرئيس، الاتفاق: the last entity before it that fits the word."""
        best: Cluster | None = None
        best_at = -9.0
        for cluster in self.clusters:
            if not self._fits_bare(cluster, mention):
                continue
            at = float(max((m.first for m in cluster.mentions if m.first < mention.first), default=-1))
            if at < 0 and (mention.kinds or mention.cls in {"Place", "MilitaryBase"}):
                continue  # «the town» is one that was named before
            ahead = -2 - min((m.first for m in cluster.mentions), default=0) / 1e6
            at = at if at >= 0 else ahead
            if best is None or at > best_at:
                best, best_at = cluster, at
        apart = mention.cls == "MilitaryBase" and " " in mention.group  # «the air base»
        if (
            best is None
            and (mention.cls in {"Organization", "Agreement"} or apart)
            and mention.office is None
            and (mention.definite or mention.cls == "Agreement")
        ):
            best = self.cluster(mention.cls, f"{mention.cls}:{mention.core}")
            best.group = mention.group
        if best is not None:
            self._join(best, mention)

    def _called(self, cluster: Cluster, office: Office) -> bool:
        """True when the text has given the person this title, or none while the world data knows him in the office."""
        words = set(office.title.split())
        titles = [m.office.title for m in cluster.mentions if m.office is not None and m.office.kind == office.kind]
        if titles:
            return any(words <= set(title.split()) for title in titles)
        record = self.world.records.get(cluster.ref or "")
        if not isinstance(record, Person):
            return False
        return any(t.office == office.kind and (t.portfolio or "") in {"", *words} for t in record.offices)

    def _fits_bare(self, cluster: Cluster, mention: Mention) -> bool:
        if mention.office is not None:
            if cluster.cls != "Person":
                return False
            if mention.office.title:
                return self._called(cluster, mention.office)
            if mention.office.kind == "minister":
                own = self._department(mention)
                return any(
                    m.office and m.office.kind == "minister" and self._department(m) == own for m in cluster.mentions
                )
            kinds = {m.office.kind for m in cluster.mentions if m.office is not None} | {
                kind for kind, *_ in cluster.offices
            }
            return mention.office.kind in kinds
        if mention.cls == "State":
            return cluster.cls == "State"  # البلاد، the country
        if cluster.cls != mention.cls:
            return False
        record = self.world.records.get(cluster.ref or "")
        narrower = mention.cls == "Organization" and " " in mention.group and cluster.group != mention.group
        if (_kin(cluster.group, mention.group) and not narrower) or getattr(record, "kind", "") in mention.kinds:
            return True
        if mention.cls == "Organization":
            return any(mention.group in self._norms(m) for m in cluster.mentions)
        unnamed = not cluster.group and mention.cls in {"Agreement", "MilitaryBase"}
        return unnamed or (mention.cls == "Place" and isinstance(record, City))

    def _norms(self, mention: Mention) -> list[str]:
        words = self.words[mention.first : mention.last]
        return [w.norm for w in words] + [r.bare for w in words for r in w.readings if r.definite and not r.cost]

    # -- what leaves ----------------------------------------------------------------------------------------------

    def name(self, cluster: Cluster, text: str) -> str:
        """Canonical English name, or the longest proper name that the text uses."""
        record = self.world.records.get(cluster.ref or "")
        if record is not None:
            return record.en[0]
        named = [m for m in cluster.mentions if m.name]
        if named:
            first, last = max(named, key=lambda m: (m.name or (0, 0))[1] - (m.name or (0, 0))[0]).name or (0, 0)
            return text[self.words[first].start : self.words[last - 1].end]
        spans = sorted(cluster.spans, key=lambda s: (s.start - s.end, s.start))
        return spans[0].of(text) if spans else cluster.key

    def at_home(self, args: dict[str, list[int]]) -> bool:
        """That the forces of a state are in that state is no presence worth telling."""
        homes = [self.home(n) for n in args.get("subject", [])]
        return any(n in homes for n in args.get("object", []))

    def home(self, number: int) -> int | None:
        """The state that a person, organization or city of the article belongs to, as an entity number."""
        cluster = self.clusters[number]
        if cluster.cls == "State":
            return number
        for _kind, of, _former, _where in cluster.offices:
            if self.clusters[of].cls == "State":
                return of
        for mention in cluster.mentions:
            if mention.of is not None and mention.of.entity >= 0 and self.clusters[mention.of.entity].cls == "State":
                return mention.of.entity
        record = self.world.records.get(cluster.ref or "")
        refs = (
            [t.of for t in record.offices]
            if isinstance(record, Person)
            else [getattr(record, "of", None) or getattr(record, "state", None)]
        )
        for ref in refs:
            if ref and isinstance(self.world.records.get(ref), State):
                known = self.by_key.get(f"ref:{ref}")
                if known is not None:
                    return known.number
        return None

    def represented(self, number: int) -> int | None:
        """For whom somebody speaks who says «we»: an organization or state that he serves, not himself."""
        cluster = self.clusters[number]
        if cluster.cls in {"State", "Organization"}:
            return number
        posts = [of for _kind, of, former, _where in cluster.offices if not former]
        served = [of for of in posts if self.clusters[of].cls in {"State", "Organization"}]
        home = served[0] if served else self.home(number)
        return number if home is None else home


def _kin(word: str, head: str) -> bool:
    """Two forms of one head word: the same beginning, which in Arabic as in English is the stem (اتفاق، اتفاقيات)."""
    if " " in word and " " in head:
        return word == head  # مجلس الوزراء is not مجلس النواب
    return bool(head) and (word == head or (len(head) > STEM and head[:STEM] in word[: STEM + 2]))
