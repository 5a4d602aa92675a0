"""Titles of languages that put the head first: what follows the word for the office, up to the holder's name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.extraction.gazetteer import Match
from kg.extraction.mentions import Mention, Office, from_match, span
from kg.extraction.words import Reading
from kg.language import Title
from kg.seeds import Person

if TYPE_CHECKING:
    from kg.extraction.head_first import NounPhrases

QUOTES = frozenset("«»“”\"")


class TitlePhrase:
    """Parses what follows a title: department, state, status, name."""

    def __init__(self, np: NounPhrases, i: int, j: int, reading: Reading, title: Title, deputy: bool) -> None:
        self.np, self.words = np, np.words
        self.i, self.j, self.reading, self.title = i, j, reading, title
        self.office = Office("other" if deputy else title.office, first=i)
        self.of: Mention | None = None
        self.person: Mention | None = None
        self.inner: list[Mention] = []
        self.phrase = j - i > 1 and self.words[j - 1].readings[:1] and self.words[j - 1].readings[0].definite
        self.department = False
        self.borrowed = False  # «his foreign minister»: the state is that of the title before

    def parse(self, force: bool = False) -> Mention | None:
        while self._step():
            pass
        self.office.last = self.j
        self._name()
        office = self.office
        if self.person is None and self.of is None and not force:
            if not self.title.bare or not (self.reading.definite or self.phrase):
                return None
            kind = "bare"
        else:
            kind = "title"
        if self.of is not None and self.of.cls == "Place":
            office.kind = "other"  # the emir of a province is no head of state
        start, end = span(self.words, self.i, self.j, self.reading)
        mention = Mention(self.i, self.j, start, end, "Person", kind, self.reading, office=office, of=self.of)
        mention.inner = self.inner
        if self.person is not None:
            mention.senses, mention.name, mention.core = self.person.senses, self.person.name, self.person.core
        mention.definite = self.reading.definite or self.of is not None or self.person is not None
        mention.group = "borrowed" if self.borrowed else "department" if self.department else ""
        mention.plural = self.title.office != "" and any(
            h.reading.bare not in self.singular() for h in self.words[self.i].hits[:1] if h.entry.category in {"title", "pair"}
        )
        return mention

    def singular(self) -> set[str]:
        """The title's own words, folded, without article."""
        fold, article = self.np.names.pack.fold, self.np.names.pack.fold(self.np.names.pack.language.clitics.article)
        forms = {fold(word).split()[0] for word in self.title.words}
        return forms | {form.removeprefix(article) for form in forms}

    def _step(self) -> bool:
        """Consume one modifier; False when there is none."""
        if self.j + 2 < len(self.words) and self.words[self.j].text in QUOTES and self.of is None:
            quoted = self.np.match(self.j + 1)
            if quoted and self._belongs(quoted) and quoted.last < len(self.words) and self.words[quoted.last].text in QUOTES:
                self.of = from_match(self.words, quoted, ("State", "Organization"))
                self.inner.append(self.of)
                self.j = quoted.last + 1
                return True
        if self.j >= len(self.words) or self.words[self.j].kind != "word":
            return False
        word, np = self.words[self.j], self.np
        hit = word.hit("former", "current", "honorific", "portfolio")
        match = np.match(self.j)
        if hit and hit.entry.category == "portfolio" and self.title.portfolio and not hit.reading.prep:
            self.department, self.j = True, hit.last
            self.borrowed |= bool(hit.reading.enclitic)
            return True
        if hit and hit.entry.category in {"former", "current"} and not hit.reading.prep and not hit.reading.conj:
            self.office.former |= hit.entry.category == "former"
            self.j = hit.last
            return True
        if match and self.of is not None and match.senses[0].kind == "demonym" and match.reading.cost == 0:
            self.inner.append(from_match(self.words, match, ("State",)))
            self.j = match.last
            return True
        if self.of is None and self.title.scope == "any" and (body := self._body()) is not None:
            self.of, self.j = body, body.last
            self.inner.append(body)
            return True
        if self.of is None and self._spaced_preposition():
            quoted = self.j + 1 + (self.words[self.j + 1].text in QUOTES)
            named = np.match(quoted)
            if named and self._belongs(named):
                self.of = from_match(self.words, named, ("State", "Organization"))
                self.inner.append(self.of)
                self.j = named.last + (quoted > self.j + 1)
                return True
        if match and self._belongs(match):
            self.of = from_match(self.words, match, ("State", "Organization"))
            self.inner.append(self.of)
            self.j = match.last
            return True
        if self.of is None and self.title.posted and (nested := self._nested()) is not None:
            self.of, self.j = nested.of, nested.last
            self.inner += nested.inner
            return True
        if self.of is not None and self.title.posted and (end := self._posting()) is not None:
            self.j = end
            return True
        if self.of is None and self.title.scope != "none" and (head := np.head(self.j)) is not None:
            if head.cls in {"Organization", "Place"} and not head.reading.conj and head.reading.prep in {"", "ل"}:
                self.of, self.j = head, head.last
                self.inner.append(head)
                return True
        if hit and hit.entry.category == "honorific" and not hit.reading.prep and not hit.reading.conj:
            self.j = hit.last
            return True
        return False

    def _spaced_preposition(self) -> bool:
        """الأمين العام لـ «أوبك»: the preposition written apart."""
        elided = self.np.names.pack.language.clitics.elided.values()
        return self.j + 2 < len(self.words) and self.words[self.j].norm in elided

    def _body(self) -> Mention | None:
        """منسقة السياسة الخارجية في الاتحاد الأوروبي: the organization after a preposition."""
        prep = self.words[self.j].hit("prep")
        match = self.np.match(self.j + 1) if prep and prep.last == self.j + 1 else None
        if match and match.reading.cost == 0 and match.senses[0].cls == "Organization":
            return from_match(self.words, match, ("Organization",))
        return None

    def _nested(self) -> Mention | None:
        """مبعوث الأمين العام للأمم المتحدة: who sends serves whom he serves."""
        hit = self.words[self.j].hit("title")
        nested = self.np.title(self.j) if hit and hit.reading.cost == 0 else None
        return nested if nested is not None and nested.of is not None and nested.name is None else None

    def _posting(self) -> int | None:
        """إلى اليمن، لدى الجزائر: where an envoy is sent."""
        prep = self.words[self.j].hit("prep")
        match = self.np.match(self.j + 1) if prep and prep.last == self.j + 1 else None
        if match and match.reading.cost == 0 and match.senses[0].cls in {"State", "Place"}:
            self.inner.append(from_match(self.words, match))
            return match.last
        return None

    def _belongs(self, match: Match) -> bool:
        reading = match.reading
        if reading.conj or reading.enclitic or self.of is not None:
            return False
        if reading.prep and reading.prep not in self.np.names.pack.language.clitics.elided.values():
            return False
        classes = {sense.cls for sense in match.senses}
        if self.title.scope == "none":
            return False
        kinds = {sense.kind for sense in match.senses}
        if kinds == {"capital"}:
            return False
        return bool(classes & {"State", "Organization"}) and "Person" not in classes

    def _held(self, person: Mention) -> bool:
        """True when somebody of that family name is known to have served the state of the title."""
        of = self.of.ref() if self.of is not None else None
        if of is None:
            return True
        senses = []
        for sense in person.senses:
            record = self.np.names.world.records[sense.ref]
            if isinstance(record, Person) and any(term.of == of for term in record.offices):
                senses.append(sense)
        person.senses = tuple(senses) or person.senses
        return bool(senses)

    def _name(self) -> None:
        """The holder's name, also set off by a comma: وزير الخارجية السعودي، عادل الجبير،"""
        j = self.j
        comma = j < len(self.words) and self.words[j].text in "،,"
        if comma and self.of is None:
            return
        quoted = not comma and j + 1 < len(self.words) and self.words[j].text in {*QUOTES, "("}
        j += comma or quoted
        np = self.np
        while j < len(self.words) and (hit := self.words[j].hit("honorific")) and hit.reading.cost == 0:
            j = hit.last
        match = np.match(j)
        if match and match.reading.cost == 0 and any(s.cls == "Person" for s in match.senses):
            person = from_match(self.words, match, ("Person",))
            if person.kind == "family" and (comma or not self._held(person)):
                return
        else:
            learnt = np.learnt(j) if j < len(self.words) else None
            end = None if learnt else np.unknown_name(j, least=3 if comma else 2)
            if learnt and learnt.reading.cost == 0 and not comma:
                person = learnt
            elif end is not None and (self.of is not None or self.department or self.title.bare):
                person = np.person(j, end, Reading())
            else:
                return
        self.person, self.j = person, person.last
