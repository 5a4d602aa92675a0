"""Titles of office before, after and instead of a person's name, for languages that put the head last."""

from __future__ import annotations

from kg.extraction.gazetteer import Match
from kg.extraction.heads_last import Heads
from kg.extraction.mentions import Mention, Office, from_match
from kg.extraction.words import Hit, Reading
from kg.language import Title
from kg.seeds import Person

Modifiers = list[Hit | Mention | Match]
DEEPEST = 5  # the spokesman of the secretary of the chief of …; each level is tried from every word
HONORIFICS = 12  # words: «H.E. Sheikh Dr. …»


class Titles:
    """Reads the part of a noun phrase that is about an office and its holder."""

    def __init__(self, phrases: Heads) -> None:
        self.np, self.words = phrases, phrases.words
        self.depth = 0  # holders of offices that serve others

    def titled(self, i: int, hit: Hit, mods: Modifiers, *, named: bool) -> Mention | None:
        """Modifiers, title, what it is an office of, name: «former Syrian President Bashar al-Assad»."""
        title = self.np.nouns.titles[int(hit.entry.features)]
        categories = {m.entry.category for m in mods if isinstance(m, Hit)}
        office = Office("other" if "deputy" in categories else title.office, "former" in categories, i, hit.last)
        departments = [m.entry.lemma for m in mods if isinstance(m, Hit) and m.entry.category == "portfolio"]
        office.title = " ".join([*departments, hit.entry.lemma])
        inner = self._named(mods, title)
        department = "portfolio" in categories or (title.portfolio and hit.last - hit.first > 1)
        j, of, more = self._complement(hit.last, title)
        if inner and of is not None and self._called_for(hit.last, of):
            of = inner[-1]  # the UN envoy for Yemen
        department |= more
        office.last = j
        of = of or (inner[-1] if inner else None)
        if title.portfolio and not department and hit.last - hit.first == 1 and of is None and not more:
            department = False
        if of is not None and office.kind == "headOfState" and not self.np.names.world.governs(of.cls, of.ref()):
            office.kind = "other"  # the president of a commission
        person, end = self._holder(j, of, department or title.bare) if named else (None, j)
        end = j if person is None else end
        self._known_with_title(hit, person)
        if person is None and (servant := self._servant(j, of, named=named)) is not None:
            servant.first, servant.start = i, self.words[i].start
            return servant
        if person is None and of is None and not (title.bare and self._pointed(i)):
            return None
        if title.portfolio and not department and not more and hit.last - hit.first == 1:
            if of is not None and of.cls == "Organization":
                office.kind = "other"  # the secretary of a council
            elif person is None:
                return None
        if person is None and of is not None and self._plural(hit):
            return self._body(i, hit, of, j, inner)
        kind = "title" if person is not None or of is not None else "bare"
        mention = Mention(
            i, end, self.words[i].start, self.words[end - 1].end, "Person", kind, Reading(), office=office, of=of
        )
        mention.inner = [
            m
            for m in ([*inner, of] if of is not None and of not in inner else inner)
            if m.cls in {"State", "Organization", "Place"}
        ]
        mention.group = "department" if department else ""
        mention.definite = kind == "title" or self._pointed(i)
        if person is not None:
            mention.senses, mention.name, mention.core = person.senses, person.name, person.core
            if mention.office is not None and self._plural(hit):
                mention.office = None
            elif of is None:
                return self.apposition(mention)
        return mention

    def _servant(self, j: int, of: Mention | None, *, named: bool) -> Mention | None:
        """«The US president's special envoy Brett McGurk»: he serves whom the one before him serves."""
        if of is None or not self.np.possessive(j):
            return None
        found = self.np.phrase(j + 1, named=named)
        if found is None or found.office is None or found.of is not None:
            return None
        found.of, found.kind = of, "title"
        found.inner = [*found.inner, of]
        return found

    def _body(self, i: int, hit: Hit, of: Mention, j: int, inner: list[Mention]) -> Mention:
        """«EU foreign ministers»: holders of an office together; «the presidents of France and Germany»: two sides."""
        sides, k = [of], j
        while k + 1 < len(self.words) and of.last == j and (self.words[k].has("coord") or self.words[k].text == ","):
            k += 1 + self.words[k + 1].has("coord", "det")
            match = self.np.match(k)
            if match is None or match.senses[0].cls != "State" or match.senses[0].kind != "name":
                break
            sides.append(from_match(self.words, match, ("State",)))
            k = match.last
        kind = "pair" if len(sides) > 1 else "head"
        end = sides[-1].last if len(sides) > 1 else j
        core = " ".join(self.np._stem(n, [of]) for n in self.np._core(i, end, [of]))
        made = Mention(i, end, self.words[i].start, self.words[end - 1].end, "Organization", kind, Reading(), core=core)
        made.inner = sides if len(sides) > 1 else [*inner, of] if of not in inner else inner
        made.of, made.group, made.plural, made.collective = of, hit.entry.lemma, True, True
        return made

    def _called_for(self, k: int, of: Mention) -> bool:
        """True when «for» rather than «of» links a title and its field."""
        return any(
            (hit := w.hit("prep")) and hit.entry.lemma in self.np.marks("benefit") for w in self.words[k : of.first]
        )

    def _plural(self, hit: Hit) -> bool:
        return (
            self.words[hit.last - 1].norm.endswith("s") and self.words[hit.last - 1].norm not in hit.entry.lemma.split()
        )

    def _pointed(self, i: int) -> bool:
        """True after «the» and after a possessor."""
        before = self.words[i - 1] if i else None
        return before is not None and (before.has("definite") or self.np.possessive(i - 1))

    def _named(self, mods: Modifiers, title: Title) -> list[Mention]:
        """States and organizations among the modifiers that a title can be an office of."""
        if title.scope == "none":
            return []
        found: list[Mention] = []
        for m in mods:
            if isinstance(m, Match) and any(s.cls in {"State", "Organization"} for s in m.senses):
                if {s.kind for s in m.senses} != {"capital"}:
                    found.append(from_match(self.words, m, ("State", "Organization")))
            elif isinstance(m, Match) and title.office == "other" and m.senses[0].cls == "Place" and not found:
                found.append(from_match(self.words, m))  # Luhansk governor
            elif isinstance(m, Hit) and m.entry.category == "head":
                first = (
                    found[-1].first
                    if found
                    else min((x.first for x in mods if isinstance(x, Hit | Match)), default=m.first)
                )
                heads = [h for h in self.words[m.first].hits if h.entry.category == "head"]
                made = self.np._headed(
                    first,
                    m.first,
                    heads,
                    [x for x in mods if isinstance(x, Hit | Match) and first <= x.first < m.first],
                )
                if made is not None and made.cls in {"Organization", "State"}:
                    found.append(made)
        return found

    def _complement(self, j: int, title: Title) -> tuple[int, Mention | None, bool]:
        """What follows a title: «of Iran», «of foreign affairs», «for the Middle East», «to Ankara»."""
        of: Mention | None = None
        department = False
        words = self.words
        if j + 1 < len(words) and words[j].text == "-" and words[j + 1].has("current"):
            j += 2
        while (
            j + 1 < len(words)
            and (hit := words[j].hit("prep", "coord"))
            and (hit.entry.category == "coord" or hit.entry.lemma in self.np.marks("genitive", "benefit", "goal"))
        ):
            if hit.entry.category == "coord" and not department:
                break
            k = hit.last
            while k < len(words) and words[k].has("det") and self.np.match(k) is None:
                k += 1
            portfolio = words[k].hit("portfolio") if k < len(words) else None
            if portfolio is not None and title.portfolio:
                department, j = True, portfolio.last
                continue
            if hit.entry.category == "coord" or of is not None:
                break
            benefit = hit.entry.lemma in self.np.marks("benefit")
            if not benefit and (above := self._above(k)) is not None and above.of is not None:
                of, j = above.of, above.last
                continue
            inside = self._inside(k, anywhere=title.office == "other")
            if inside is None:
                break
            if hit.entry.lemma in self.np.marks("goal") or (
                benefit and inside.cls == "State" and title.office != "spokesperson"
            ):
                return inside.last, None, True
            of, j = inside, inside.last
        return j, of, department

    def _above(self, k: int) -> Mention | None:
        """«Of the UN Secretary-General», «to the Ukrainian president»: the one whom the holder serves."""
        if k >= len(self.words) or self.depth == DEEPEST:
            return None
        self.depth += 1
        found = self.np.phrase(k, named=False)
        self.depth -= 1
        return found if found is not None and found.cls == "Person" and found.office is not None else None

    def _inside(self, k: int, *, anywhere: bool = False) -> Mention | None:
        """A state or organization without a person in it; `anywhere`: or a place."""
        if k >= len(self.words):
            return None
        match = self.np.match(k)
        if match is not None:
            if {s.cls for s in match.senses} <= {"Person"}:
                return None
            after = self.words[match.last] if match.last < len(self.words) else None
            if after is not None and after.text == "-" and after.start == self.words[match.last - 1].end:
                return self._inside(match.last + 2)  # «of the U.N.-backed Libyan government»
            if after is None or not (after.has("head", "title", "portfolio") or self.np.possessive(match.last)):
                found = from_match(self.words, match, ("State", "Organization"))
                return None if found.kind == "demonym" else found
        if match is None and not self.words[k].capital and not self.words[k].has("head", "current", "portfolio"):
            return None
        mention = self.np.phrase(k, named=False)
        wanted = {"State", "Organization", "Place"} if anywhere else {"State", "Organization"}
        if mention is not None and mention.cls in wanted and mention.kind in {"head", "name"}:
            after = self.words[mention.last] if mention.last < len(self.words) else None
            part = mention.cls == "Place" and after is not None and after.capital  # «of the Lagos State Polytechnic»
            return None if part else mention
        return None

    def _holder(self, j: int, of: Mention | None, sure: bool) -> tuple[Mention | None, int]:
        """The holder's name, also set off by a comma: «the Russian foreign minister, Sergei Lavrov,»."""
        words = self.words
        if j + 2 < len(words) and words[j].text == "(" and words[j + 2].text == ")":
            j += 3  # an abbreviation of the office
        comma = j < len(words) and words[j].text == ","
        if comma and of is None and not sure:
            return None, j
        k = j + comma
        while k < len(words) and (hit := words[k].hit("honorific")) and words[k].capital:
            k = hit.last
            if k < len(words) and words[k].text == ".":
                k += 1
        person = self.name(k, least=2 if comma else 1)
        if person is None:
            return None, j
        if comma:
            after = words[person.last] if person.last < len(words) else None
            closed = (
                after is None
                or after.kind in {"punct", "break"}
                or after.has("coord", "aux", "say", "trigger", "verb", "prep")
            )
            if not closed or self.np.possessive(person.last) or (person.kind == "family" and not person.core):
                return None, j
        return person, person.last

    def _known_with_title(self, hit: Hit, person: Mention | None) -> None:
        """«King Salman»: the world data has the name only together with its title."""
        match = self.np.match(hit.first)
        if person is not None and not person.senses and match is not None and match.last == person.last:
            person.senses = tuple(sense for sense in match.senses if sense.cls == "Person")

    def name(self, k: int, *, least: int) -> Mention | None:
        """A person's name at word k, known or not."""
        if k >= len(self.words) or self.words[k].kind != "word":
            return None
        match, end = self.np.match(k), self.np.run(k)
        if match is not None and any(s.cls == "Person" for s in match.senses) and (end is None or match.last >= end):
            return from_match(self.words, match, ("Person",))
        if end is None or (match is not None and not any(s.cls == "Person" for s in match.senses)):
            return None
        learnt = self.np.learnt(k, end)
        if learnt is not None:
            return learnt
        if end - k < least or (k in self.np.capitalised and end - k < 2):
            return None
        return self.np.person(k, end)

    def honorific(self, i: int) -> Mention | None:
        """Mr Johnson, Sheikh Tamim: a person known by an honorific and a name."""
        hit = self.words[i].hit("honorific")
        if hit is None or not self.words[i].capital:
            return None
        j = hit.last
        while j < min(len(self.words), i + HONORIFICS) and (
            self.words[j].text == "." or (self.words[j].hit("honorific") and self.words[j].capital)
        ):
            j += 1
        person = self.name(j, least=1)
        if person is None:
            return None
        person.first, person.start = i, self.words[i].start
        return self.apposition(person)

    def counterpart(self, i: int, j: int, mods: Modifiers) -> Mention | None:
        """His Syrian counterpart, Murhaf Abu Qasra: the office is that of the person named before."""
        hit = self.words[j].hit("counterpart")
        before = next((m for m in reversed(self.np.found) if m.cls == "Person" and m.office is not None), None)
        if hit is None or before is None or before.office is None:
            return None
        inner = self._named(mods, Title(words=[], office=""))
        of = inner[-1] if inner else None
        person, end = self._holder(hit.last, of, True)
        if of is None and person is None:
            return None
        office = Office(before.office.kind, before.office.former, i, hit.last) if of is not None else None
        mention = Mention(
            i, end, self.words[i].start, self.words[end - 1].end, "Person", "title", Reading(), office=office, of=of
        )
        mention.inner = inner
        mention.group = before.group
        if person is not None:
            mention.senses, mention.name, mention.core = person.senses, person.name, person.core
        return mention

    def _known(self, person: Mention, office: Office) -> bool:
        """True when the world data knows the person in an office of this kind."""
        records = [self.np.names.world.records[s.ref] for s in person.senses]
        return any(t.office == office.kind for r in records if isinstance(r, Person) for t in r.offices)

    def apposition(self, person: Mention) -> Mention:
        """NAME, TITLE: «Sergei Lavrov, Russia's foreign minister»."""
        words, j = self.words, person.last
        if (person.office is not None and person.of is not None) or j + 2 >= len(words) or words[j].text != ",":
            return person
        j += 1
        while j < len(words) and words[j].has("det"):
            j += 1
        if j >= len(words) or words[j].kind != "word":
            return person
        title = self.np.phrase(j, named=False)
        if title is None or title.cls != "Person" or title.office is None or title.name is not None:
            return person
        if title.of is None and not self._known(person, title.office):
            return person
        after = words[title.last] if title.last < len(words) else None
        if after is not None and after.kind == "word" and after.capital:
            return person
        person.office, person.of, person.last, person.end = title.office, title.of, title.last, title.end
        person.inner = title.inner
        return person
