"""Noun phrases that a common noun closes: Iraqi forces, the nuclear deal, the Syrian government."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from kg.extraction.gazetteer import Match, Sense
from kg.extraction.mentions import Mention, from_match
from kg.extraction.names_last import PLAIN, Names
from kg.extraction.words import Hit
from kg.language import Entry, Head
from kg.seeds import City, Person

RULERS = frozenset({"headOfState", "headOfGovernment"})
ENDED = 6  # letters of a noun whose ending tells what it is


class Heads(Names):
    """Reads the phrase that a head word closes, with its modifiers before and its complement after it."""

    def phrase(self, i: int, *, named: bool = True) -> Mention | None:
        """The noun phrase that begins at word i."""
        raise NotImplementedError

    def _first_of_bases(self, i: int) -> Mention | None:
        """«Hmeimim» in «the Hmeimim and Tartus bases»."""
        end = self._name_end(i) if "MilitaryBase" in self.headed else None
        if end is None or end + 2 >= len(self.words) or not self.words[end].has("coord"):
            return None
        second = self._name_end(end + 1)
        hit = self.words[second].hit("head") if second is not None and second < len(self.words) else None
        if (
            hit is None
            or self.nouns.heads[int(hit.entry.features)].cls != "MilitaryBase"
            or not self.words[hit.last - 1].norm.endswith("s")
        ):
            return None
        words = self.words[i:end]
        core = " ".join([*(w.norm for w in words), "base"])
        lemma = hit.entry.lemma.removesuffix("s")
        return Mention(
            i, end, words[0].start, words[-1].end, "MilitaryBase", "head", PLAIN, core=core, name=(i, end), group=lemma
        )

    def by_ending(self, j: int, mods: list[Hit | Mention | Match]) -> list[Hit]:
        """«Chinese economists»: a noun that nobody knows is people when its ending says so and a name is before it."""
        word = self.words[j]
        if not mods or word.capital or len(word.norm) < ENDED or not any(isinstance(m, Match) for m in mods):
            return []
        if any(h.entry.category != "homograph" for h in word.hits):
            return []
        for number, head in enumerate(self.nouns.heads):
            if any(word.norm.endswith(end) for end in head.ends):
                return [Hit(Entry("head", word.norm, str(number)), PLAIN, j, j + 1)]
        return []

    def _headed(self, i: int, at: int, hits: list[Hit], mods: list[Hit | Mention | Match]) -> Mention | None:
        for hit in hits:
            made = self._head(i, hit, self.nouns.heads[int(hit.entry.features)], mods)
            if made is not None:
                return made
        return None

    def _head(self, i: int, hit: Hit, head: Head, mods: list[Hit | Mention | Match]) -> Mention | None:
        inner = [from_match(self.words, m) for m in mods if isinstance(m, Match)]
        capital = any(isinstance(m, Hit) and m.entry.category == "capital" for m in mods)
        named = capital or any(isinstance(m, Hit) and self._people_name(m) for m in mods)
        branch = next((m.entry.lemma for m in mods if isinstance(m, Hit) and m.entry.category == "branch"), None)
        portfolio = any(isinstance(m, Hit) and m.entry.category in {"portfolio", "current"} for m in mods)
        j = hit.last
        if head.cls == "Agreement" and j < len(self.words) and self.words[j].kind == "number":
            j, named = j + 1, True
        inside, j = self._loyalty(j, head) or self._complement(j, head)
        if inside is not None:
            inner.append(inside)
            if head.cls == "Place" and inside.cls in {"Place", "State"} and not named:
                return self._extended(i, inside, inner)
        if head.cls == "State":
            return self._government(i, j, inner, hit.entry.lemma, head)
        if head.cls in {"Organization", "Place"} and not capital and (known := self._named_after(j, head)) is not None:
            return self._extended(i, known, inner)
        if head.cls == "Person" and (person := self._described(i, j, inner)) is not None:
            return person
        if head.instrument:
            return self._wielder(i, j, inner)
        if head.ranks and (force := self._ranks(i, j, inner)) is not None:
            return force
        definite = i > 0 and self.words[i - 1].has("definite")
        named |= head.needs == "modifier" and any(isinstance(m, Hit) and m.entry.category == "head" for m in mods)
        plain = self._stands(head, hit, bool(inner), named, portfolio or branch is not None, definite)
        if not plain and head.collective and self._sited(j):
            plain = "new"
        if not plain:
            return None
        core = " ".join(self._stem(k, inner) for k in self._core(i, j, inner))
        if plain == "new":
            core = f"{core} @{i}"
        kind = "bare" if plain == "bare" else "head"
        start, end = self.words[i].start, self.words[j - 1].end
        mention = Mention(i, j, start, end, head.cls, kind, PLAIN, core=core, group=hit.entry.lemma)
        mention.definite = definite or bool(inner) or head.needs == "none" or self._parties(hit)
        if kind == "bare" and head.kinds:
            mention.kinds, mention.definite = tuple(head.kinds), False
        many = head.needs != "none" or self.words[hit.last - 1].norm.endswith("s")
        mention.branch, mention.collective = branch or head.branch, head.collective and many
        mention.plural = head.collective or self.words[hit.last - 1].norm.endswith("s")
        if named and head.cls != "Agreement":
            owned = max((k + 1 for k in range(i, hit.first) if self.possessive(k)), default=i)
            mention.name = (owned, j)  # «Russia's Bryansk region»
        if (
            head.cls == "MilitaryBase"
            and mention.plural
            and i
            and self.words[i - 1].has("coord")
            and len(inner) + named == 1
        ):
            mention.plural, mention.name, mention.group = False, (i, j), hit.entry.lemma.removesuffix("s")
        mention.inner = inner
        mention.of = next((m for m in inner if m.cls in {"State", "Organization"}), None)
        return mention

    def _stands(self, head: Head, hit: Hit, inner: bool, named: bool, qualified: bool, definite: bool) -> str:
        """How the phrase refers: by what it says (head), to something new, to something known (bare), or not at all."""
        if inner or named:
            return "head"
        if head.cls == "Agreement":
            if definite:
                return "head" if qualified or self._parties(hit) else "bare"
            return "new" if self._singular(hit) or (qualified and not self._plural(hit)) else ""
        if head.cls == "MilitaryBase":
            if definite and head.plain and not qualified and not self._plural(hit):
                return "bare"
            return "new" if hit.last - hit.first > 1 or qualified else ""
        if head.needs == "none":
            return "head" if qualified else "bare"
        if head.needs == "name" and definite and head.cls in {"Organization", "Place"}:
            return "bare" if head.plain or (head.kinds and not qualified) else ""
        return "head" if head.needs == "modifier" and head.cls == "Organization" and self._speaks(hit.last) else ""

    def _speaks(self, k: int) -> bool:
        """«…, officials said»: nobody in particular, but those whose words they are."""
        said = self.words[k].hit("say") if k < len(self.words) else None
        return said is not None and not {"base", "gerund"} & set(said.entry.features.split())

    def _sited(self, j: int) -> bool:
        """«Advisers at Al Asad», «commanders in nearby Douma»: people whom the place after them tells apart."""
        prep = self.words[j].hit("prep") if j + 1 < len(self.words) else None
        if prep is None or prep.last != j + 1 or prep.entry.lemma not in self.names.pack.lexicon.prepositions["@place"]:
            return False
        k = j + 1 + self.words[j + 1].has("current", "direction", "time", "det")
        match = self.match(k)
        return match is not None and match.senses[0].cls in {"Place", "State", "MilitaryBase"}

    def _plural(self, hit: Hit) -> bool:
        return self.words[hit.last - 1].norm.endswith("s")

    def _described(self, i: int, j: int, inner: list[Mention]) -> Mention | None:
        """«The Belarusian blogger Roman Protasevich»: the name that follows what somebody is."""
        end = self.run(j) if j < len(self.words) and self.words[j].capital else None
        if end is None or end - j < 2 or j in self.capitalised:
            return None
        match = self.match(j)
        known = match is not None and match.last == end and any(s.cls == "Person" for s in match.senses)
        person = from_match(self.words, match, ("Person",)) if known and match is not None else self.person(j, end)
        person.first, person.start, person.inner = i, self.words[i].start, inner
        return person

    @staticmethod
    def _wielder(i: int, j: int, inner: list[Mention]) -> Mention | None:
        """«A Russian missile»: who acts with it."""
        owner = next((m for m in inner if m.cls in {"State", "Organization"} and m.kind != "capital"), None)
        if owner is None:
            return None
        kind = "name" if owner.kind == "demonym" else owner.kind
        return replace(owner, first=i, last=j, kind=kind, name=(owner.first, owner.last))

    @staticmethod
    def _ranks(i: int, j: int, inner: list[Mention]) -> Mention | None:
        """«Hamas fighters»: the organization that they fight for."""
        if len(inner) != 1 or inner[0].last == j or inner[0].cls != "Organization" or inner[0].kind != "name":
            return None
        return replace(inner[0], first=i, last=j, name=(inner[0].first, inner[0].last), collective=True, plural=True)

    def _singular(self, hit: Hit) -> bool:
        if self._plural(hit):
            return False
        before = self.words[hit.first - 1] if hit.first else None
        return self._parties(hit) or (before is not None and before.has("det", "current", "portfolio"))

    def _parties(self, hit: Hit) -> bool:
        """«Agreement between …»: the parties tell which one is meant."""
        after = self.words[hit.last].hit("prep") if hit.last < len(self.words) else None
        return after is not None and after.entry.lemma in self.marks("parties", "company")

    def _loyalty(self, j: int, head: Head) -> tuple[Mention, int] | None:
        """Fighters «loyal to Assad», rebels «backed by Turkey»: an adjective phrase with a name tells who they are."""
        if (not head.collective and head.cls != "Organization") or j >= len(self.words):
            return None
        hits = [h for h in self.words[j].hits if h.entry.features == "participle" and h.last - h.first > 1]
        k = hits[0].last if hits else None
        if k is None or k >= len(self.words):
            return None
        inside = self.phrase(k)
        if inside is None or inside.cls not in {"Person", "State", "Organization"} or inside.kind == "demonym":
            return None
        return inside, inside.last

    def _complement(self, j: int, head: Head) -> tuple[Mention | None, int]:
        """«of Iraq», «of the Security Council» after a head word."""
        prep = self.words[j].hit("prep") if j + 1 < len(self.words) else None
        wanted = self.marks(
            "genitive",
            *(["source"] if head.needs == "modifier" and head.plain else []),
            *(["inside"] if head.seated else []),
        )
        if prep is None or prep.entry.lemma not in wanted or prep.last != j + 1 or head.cls == "Agreement":
            return None, j
        k = j + 1
        while (
            k < len(self.words)
            and self.words[k].has("det", "current")
            and self.match(k) is None
            and not self.words[k].hit("head")
        ):
            k += 1
        match = self.match(k)
        if match is not None and {s.cls for s in match.senses} != {"Person"} and not self.possessive(match.last):
            after = self.words[match.last] if match.last < len(self.words) else None
            joined = after is not None and after.text == "-" and after.start == self.words[match.last - 1].end
            if after is None or not (after.hit("head") or joined):
                inside = from_match(
                    self.words, match, ("Place", "State") if head.cls == "Place" else ("State", "Organization")
                )
                if inside.kind != "demonym":
                    return inside, match.last
        if k < len(self.words):
            inside_phrase = self.phrase(k) if head.cls != "Place" or self.words[k].capital else None
            if (
                inside_phrase is not None
                and inside_phrase.kind == "head"
                and inside_phrase.cls in {"Organization", "Place"}
            ):
                return inside_phrase, inside_phrase.last
            if head.cls in {"Place", "Organization"} and (end := self.run(k)) is not None and k not in self.capitalised:
                core = " ".join(w.norm for w in self.words[k:end])
                made = Mention(
                    k,
                    end,
                    self.words[k].start,
                    self.words[end - 1].end,
                    "Place",
                    "head",
                    PLAIN,
                    core=core,
                    name=(k, end),
                )
                return made, end
        return None, j

    def _named_after(self, j: int, head: Head) -> Mention | None:
        """The militant group Hezbollah: the name that follows its description."""
        match = self.match(j)
        if match is None or not any(s.cls == head.cls for s in match.senses) or self.possessive(match.last):
            return None
        return from_match(self.words, match, (head.cls,))

    def _extended(self, i: int, mention: Mention, outside: list[Mention]) -> Mention:
        mention.first, mention.start = i, self.words[i].start
        mention.inner = [m for m in outside if m is not mention and m.cls == "State"]
        return mention

    def _government(self, i: int, j: int, inner: list[Mention], lemma: str, head: Head) -> Mention | None:
        """The Iraqi government, the Assad regime: the state itself."""
        senses = next((found for m in inner if (found := self._ruled(m))), ())
        if senses:
            self.governments[lemma] = senses
        elif j - i == 1 and i and self.words[i - 1].has("definite" if head.resumed else "det"):
            latest = list(self.governments.values())[-1:]
            senses = self.governments.get(lemma, ()) or (self._main_state() if head.resumed else ()) or sum(latest, ())
        if not senses:
            return None
        start, end = self.words[i].start, self.words[j - 1].end
        return Mention(i, j, start, end, "State", "name", PLAIN, senses, name=(i, j))

    def _ruled(self, mention: Mention) -> tuple[Sense, ...]:
        """The state that a mention before the head word names or rules."""
        states = tuple(s for s in mention.senses if s.cls == "State")
        if not states:
            records = [self.names.world.records[s.ref] for s in mention.senses]
            terms = [t for r in records if isinstance(r, Person) for t in r.offices if t.office in RULERS]
            states = tuple(Sense(t.of, "State", "seat") for t in terms[:1])
        return tuple(replace(s, kind="name") for s in states)

    def _main_state(self) -> tuple[Sense, ...]:
        """The state that the article has named most so far, by itself, its cities or its ruler; none on equal terms."""
        counts: Counter[str] = Counter()
        for mention in (m for top in self.found for m in top.walk()):
            record = self.names.world.records[mention.senses[0].ref] if mention.senses else None
            if isinstance(record, City) and mention.senses[0].kind != "capital":
                counts[record.state] += 1
            elif ruled := self._ruled(mention):
                counts[ruled[0].ref] += 1
        first, second = (*counts.most_common(2), ("", 0), ("", 0))[:2]
        return (Sense(first[0], "State", "name"),) if first[1] > max(second[1], 1) else ()

    def _core(self, i: int, j: int, inner: list[Mention]) -> list[int]:
        """Words that identify a phrase: one for each name within, and the rest without marks and small words."""
        inside = {k for m in inner for k in range(m.first + 1, m.last)}
        return [
            k
            for k in range(i, j)
            if k not in inside and self.words[k].kind != "punct" and not self.words[k].has("det", "prep")
        ]

    def _stem(self, k: int, inner: list[Mention]) -> str:
        for mention in inner:
            if mention.first == k and (ref := mention.ref()):
                return ref
        return self.words[k].norm
