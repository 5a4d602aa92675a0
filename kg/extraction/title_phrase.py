"""Titles of languages that put the head first: what follows the word for the office, up to the holder's name."""

from __future__ import annotations

from kg.extraction.gazetteer import Match
from kg.extraction.mentions import Mention, Office, from_match, span
from kg.extraction.phrases import Phrases
from kg.extraction.spoken_bodies import spoken_body
from kg.extraction.words import COMMA, Reading
from kg.language import Title
from kg.seeds import Person

FIELD = 4  # words that name the field of an office
QUOTES = frozenset('«»“”"')


class TitlePhrase:
    """Parses what follows a title: department, state, status, name."""

    def __init__(self, np: Phrases, i: int, j: int, reading: Reading, title: Title, deputy: bool) -> None:
        self.np, self.words = np, np.words
        self.i, self.j, self.reading, self.title = i, j, reading, title
        self.office = Office("other" if deputy else title.office, first=i)
        self.of: Mention | None = None
        self.person: Mention | None = None
        self.inner: list[Mention] = []
        self.phrase = j - i > 1 and self.words[j - 1].readings[:1] and self.words[j - 1].readings[0].definite
        self.department = False
        self.goal: int | None = None  # where «to Sanaa» begins, which without a name is where the envoy goes
        self.borrowed = False  # «his foreign minister»: the state is that of the title before

    def parse(self, force: bool = False) -> Mention | None:
        while self._step():
            pass
        self.office.last = self.j
        if self.of is None and self.title.scope == "any" and self.phrase:
            self._own_body()
        self._name()
        if self.person is None and self.goal is not None:
            self.j = self.office.last = self.goal
            self.inner.pop()
        office = self.office
        if self.person is None and self.of is None and not force:
            if not self.title.bare or not (self.reading.definite or self.phrase or self.department):
                return None
            kind = "bare"
        else:
            kind = "title"
        of, world = self.of, self.np.names.world
        if of is not None and office.kind == "headOfState" and not world.governs(of.cls, of.ref()):
            office.kind = "other"  # the emir of a province, the head of a committee
        start, end = span(self.words, self.i, self.j, self.reading)
        mention = Mention(self.i, self.j, start, end, "Person", kind, self.reading, office=office, of=self.of)
        mention.inner = self.inner
        if self.person is not None:
            mention.senses, mention.name, mention.core = self.person.senses, self.person.name, self.person.core
        mention.definite = self.reading.definite or self.of is not None or self.person is not None
        mention.group = "borrowed" if self.borrowed else "department" if self.department else ""
        return mention

    def _own_body(self) -> None:
        """رئيس مجلس النواب: the body that the words of the title name themselves."""
        for k in range(self.i + 1, self.j):
            body = self.np.head(k)
            if body is not None and body.cls == "Organization" and body.last == self.j and not body.reading.cost:
                self._take(body, body.last)
                return

    def _step(self) -> bool:
        """Consume one modifier; False when there is none."""
        return self.j < len(self.words) and any(
            read()
            for read in (
                self._department,
                self._status,
                self._nationality,
                self._owner,
                self._sender,
                self._posting,
                self._affairs,
                self._body,
                self._spoken_for,
                self._within,
                self._region,
            )
        )

    def _take(self, owner: Mention, last: int) -> bool:
        """The state or organization that the office is of, ending before word `last`."""
        self.of, self.j = owner, last
        self.inner.append(owner)
        return True

    def _department(self) -> bool:
        """وزير الخارجية والمغتربين: the department, known or any definite noun after the indefinite title."""
        hit = self.words[self.j].hit("portfolio")
        if not self.title.portfolio or self.words[self.j].kind != "word":
            return False
        if hit is not None and not hit.reading.prep:
            self.department, self.j = True, hit.last
            self.borrowed |= bool(hit.reading.enclitic)
            return True
        word = self.words[self.j]
        plain = [r for r in word.readings if r.definite and not r.prep and r.conj == self.department]
        blocked = word.hits and not word.has("affairs")
        if self.reading.definite or self.of is not None or blocked or self.np.match(self.j) is not None:
            return False
        if (
            (hit := word.hit("affairs"))
            and not hit.reading.prep
            and not hit.reading.definite
            and self._definite(hit.last)
        ):
            self.department, self.j = True, hit.last + 1  # وزير شؤون الاستيطان
            return True
        if not plain and not self._detail():
            return False
        self.department, self.j = True, self.j + (1 if plain else self._detail())
        return True

    def _detail(self) -> int:
        """الصحة العمومية، واستصلاح الأراضي: words that say more about a department that is named already."""
        words, j = self.words, self.j
        if not self.department:
            return 0
        after = words[j + 1] if j + 1 < len(words) else None
        if self._definite(j) and after is not None:
            nation = (match := self.np.match(j + 1)) is not None and match.senses[0].kind == "demonym"
            return int(nation or self.np.common(words[j]) or self.np.given(after))
        joined = any(r.conj and not r.prep and not r.definite for r in words[j].readings)
        return 2 if joined and self._definite(j + 1) else 0

    def _definite(self, j: int) -> bool:
        """True for a word with the article and nothing before it."""
        return j < len(self.words) and any(r.definite and not r.cost for r in self.words[j].readings)

    def _affairs(self) -> bool:
        """للشؤون العربية والأفريقية، في الملف النووي: the field of a deputy, envoy or negotiator."""
        prep = self.words[self.j].hit("prep")
        apart = prep is not None and prep.last == self.j + 1 and not prep.reading.cost and self.of is not None
        hit = self.words[min(self.j + apart, len(self.words) - 1)].hit("affairs")
        if hit is None or hit.reading.conj or bool(hit.reading.prep) == apart:
            return False
        j = hit.last
        while j < len(self.words) and j - hit.last < FIELD and self._of_field(j):
            j += 1
        if j == hit.last:
            return False
        self.j = j
        return True

    def _of_field(self, j: int) -> bool:
        """An adjective or a genitive of the field, also after a conjunction."""
        word = self.words[j]
        if word.kind != "word" or self.np.given(word):
            return False
        match = self.np.match(j)
        if match is not None and self.of is None and match.senses[0].cls == "State":
            return False  # للشؤون الخارجية الإماراتي
        known = match is not None and not match.reading.prep and match.senses[0].cls != "Person" and match.last == j + 1
        return known or word.has("current", "portfolio") or any(r.definite and not r.prep for r in word.readings)

    def _status(self) -> bool:
        """السابق، المنتخب: former or not, and words that change nothing."""
        hit = self.words[self.j].hit("former", "current")
        if hit is None or hit.reading.prep or hit.reading.conj:
            return False
        self.office.former |= hit.entry.category == "former"
        self.j = hit.last
        return True

    def _nationality(self) -> bool:
        """زعيم «حزب الله» اللبناني: a demonym after the owner."""
        match = self.np.match(self.j)
        if match is None or self.of is None or match.senses[0].kind != "demonym" or match.reading.cost:
            return False
        self.inner.append(from_match(self.words, match, ("State",)))
        self.j = match.last
        return True

    def _owner(self) -> bool:
        """الروسي، روسيا، باسم «حزب الله»، لـ «أوبك»: also in quotation marks or after a preposition written apart."""
        if self.of is not None:
            return False
        elided = self.np.names.pack.language.clitics.elided.values()
        k = self.j + (self.words[self.j].norm in elided)
        quoted = k < len(self.words) and self.words[k].text in QUOTES
        match = self.np.match(k + quoted)
        if match is None or not self._belongs(match):
            return False
        closed = quoted and match.last < len(self.words) and self.words[match.last].text in QUOTES
        return self._take(from_match(self.words, match, ("State", "Organization")), match.last + closed)

    def _sender(self) -> bool:
        """مبعوث الأمين العام للأمم المتحدة، مستشار الرئيس الأميركي: they serve whom the one above them serves."""
        hit = self.words[self.j].hit("title", "deputy")
        free = self.phrase or (self.reading.definite and self.j - self.i == 1)  # no genitive follows the article
        serves = self.title.posted or (self.title.office in {"other", "spokesperson"} and not free)
        if not serves or self.of is not None or hit is None or hit.reading.cost:
            return False
        sender = self.np.title(self.j)
        if sender is None or sender.of is None or sender.office is None:
            return False
        own = sender.name is not None and self._serves_as(sender)
        self.of, self.j = sender.of, sender.last if own else sender.office.last
        self.inner += sender.inner
        return True

    def _serves_as(self, sender: Mention) -> bool:
        """مستشار الرئيس الأميركي باراك أوباما: the name is that of the one above, whom the world data knows."""
        records = [self.np.names.world.records[s.ref] for s in sender.senses]
        terms = [term for record in records if isinstance(record, Person) for term in record.offices]
        return sender.office is not None and any(term.office == sender.office.kind for term in terms)

    def _posting(self) -> bool:
        """إلى اليمن، لدى الأمم المتحدة، لسوريا: where an envoy is sent."""
        if not self.title.posted:
            return False
        match = self.np.match(self.j)
        if match is None or not self._sent_to(match):
            prep = self.words[self.j].hit("prep")
            match = self.np.match(self.j + 1) if prep and prep.last == self.j + 1 else None
            if self.of is None or match is None or match.reading.cost or prep is None:
                return False
            goal = prep.entry.lemma in self.np.names.pack.marks("goal")
            self.goal = self.j if goal and any(s.cls == "Place" for s in match.senses) else None
        if match.senses[0].cls not in {"State", "Place", "Organization"}:
            return False
        self.inner.append(from_match(self.words, match))
        self.j = match.last
        return True

    def _sent_to(self, match: Match) -> bool:
        """المبعوث الدولي لسوريا: after an envoy, the preposition of owners is that of the goal."""
        elided = self.np.names.pack.language.clitics.elided.values()
        envoy = self.title.posted and self.title.office == "other"
        return envoy and not match.reading.conj and match.reading.prep in elided and match.senses[0].cls == "State"

    def _body(self) -> bool:
        """رئيس لجنة العلاقات الخارجية، منسقة السياسة في الاتحاد الأوروبي: a body by its head word or name."""
        if self.of is not None or self.title.scope == "none":
            return False
        prep = self.words[self.j].hit("prep")
        match = self.np.match(self.j + 1) if prep and prep.last == self.j + 1 and self.title.scope == "any" else None
        if (
            match
            and match.reading.cost == 0
            and (match.senses[0].cls == "Organization" or match.senses[0].kind == "seat")
        ):
            return self._take(from_match(self.words, match, ("Organization", "State")), match.last)
        match = self.np.match(self.j)
        if match and self.words[self.j].has("head") and match.reading.cost == 0 and match.senses[0].cls == "Place":
            return self._take(from_match(self.words, match, ("Place",)), match.last)
        head = self.np.head(self.j)
        elided = {"", *self.np.names.pack.language.clitics.elided.values()}
        if (
            head is None
            or head.cls not in {"Organization", "Place"}
            or head.reading.conj
            or head.reading.prep not in elided
            or (head.cls == "Place" and head.reading.prep)
        ):
            return False
        if head.cls == "Place" and head.reading.prep and self.department:
            return False
        return self._take(head, head.last)

    def _spoken_for(self) -> bool:
        """الناطق باسم مجلس قيادة المقاومة: whoever has a spokesman is a body, known or not."""
        named = self.j > self.i + 1 and not self.phrase
        if self.of is not None or self.title.office != "spokesperson" or not named:
            return False
        last = spoken_body(self.np, self.j)
        if last is None:
            return False
        start, end = span(self.words, self.j, last, Reading())
        core = " ".join(w.norm for w in self.words[self.j : last])
        return self._take(Mention(self.j, last, start, end, "Organization", "unknown", Reading(), core=core), last)

    def _region(self) -> bool:
        """نائب مساعد وزير الدفاع للشرق الأوسط أندرو أكسوم: the region that a deputy is in charge of."""
        if self.office.kind != "other" or (self.of is None and not self.department):
            return False
        place = self.np.head(self.j)
        if place is None or place.cls != "Place" or not place.reading.prep or place.reading.conj:
            return False
        if self._named_at(place.last):
            self.j = place.last
        return self.j == place.last

    def _named_at(self, j: int) -> bool:
        """True when a known person or an unknown name follows."""
        match = self.np.match(j)
        known = match is not None and match.senses[0].cls == "Person" and not match.reading.cost
        return known or self.np.unknown_name(j) is not None

    def _within(self) -> bool:
        """رئيس لجنة الأمن القومي في البرلمان الإيراني …: the body of which the body is a part, before the name."""
        if self.of is None or self.of.cls != "Organization" or self.of.senses:
            return False
        prep = self.words[self.j].hit("prep")
        apart = prep is not None and prep.last == self.j + 1 and not prep.reading.enclitic
        match = self.np.match(self.j + apart)
        known = match is not None and match.senses[0].cls == "Organization"
        body = from_match(self.words, match, ("Organization",)) if match and known else self.np.head(self.j + apart)
        if body is None or body.cls != "Organization" or body.reading.conj or (not apart and not body.reading.prep):
            return False
        if not self._named_at(body.last):
            return False
        self.inner.append(body)
        self.j = body.last
        return True

    def _belongs(self, match: Match) -> bool:
        reading = match.reading
        if reading.conj or reading.enclitic or self.of is not None:
            return False
        if reading.prep and reading.prep not in self.np.names.pack.language.clitics.elided.values():
            return False
        classes = {sense.cls for sense in match.senses}
        if self.title.scope == "none" or self._sent_to(match):
            return False
        kinds = {sense.kind for sense in match.senses}
        after = self.words[match.last] if match.last < len(self.words) else None
        if kinds == {"capital"} or (kinds == {"demonym"} and after is not None and self.np.patronymic(after)):
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

    def _another(self, j: int) -> bool:
        """خادم الحرمين الشريفين الأمير محمد: after a sovereign of no named state, a title of another rank."""
        rank = self.words[j].hit("title")
        sovereign = self.title.office == "headOfState" and self.of is None and self.phrase
        return (
            bool(sovereign and rank)
            and rank is not None
            and self.np.nouns.titles[int(rank.entry.features)] != self.title
        )

    def _set_off(self, j: int) -> int | None:
        """المتحدث باسم الرئاسة، خالد شواني، إن …: the end of a full name between two commas."""
        found = self.np.named(j) if j < len(self.words) else None
        if found is None or found[1].cost or found[1].conj or found[0] >= len(self.words):
            return None
        after = self.words[found[0]]
        return found[0] if after.text in COMMA or after.has("comp") else None

    def _name(self) -> None:
        """The holder's name, also set off by a comma: وزير الخارجية السعودي، عادل الجبير،"""
        j = self.j
        comma = j < len(self.words) and self.words[j].text in COMMA
        if comma and self.of is None and not self.department:
            return
        quoted = not comma and j + 1 < len(self.words) and self.words[j].text in {*QUOTES, "("}
        j += comma or quoted
        np = self.np
        while j < len(self.words) and (hit := self.words[j].hit("honorific")) and hit.reading.cost == 0:
            if self._another(j):
                return
            whole = np.match(j)
            if whole is not None and whole.last > hit.last and whole.senses[0].cls == "Person":
                break  # «الملك سلمان» is a name as a whole
            j = hit.last
        j += not quoted and j + 1 < len(self.words) and self.words[j].text in QUOTES  # السيد «جوني شيه»
        match = np.match(j)
        if (match is None or match.senses[0].cls != "Person") and self._definite(j):
            after = np.match(j + 1)  # رئيس مجلس النواب، الجمهوري جون بينر
            match = after if comma or (after and after.last - after.first > 1) else match
        if match and match.reading.cost == 0 and any(s.cls == "Person" for s in match.senses):
            person = from_match(self.words, match, ("Person",))
            if person.kind == "family" and (comma or not self._held(person)):
                return
        else:
            learnt = np.learnt(j) if j < len(self.words) else None
            end = (
                None if learnt else np.unknown_name(j, least=3 if comma else 2) or (self._set_off(j) if comma else None)
            )
            if learnt and learnt.reading.cost == 0 and not comma:
                person = learnt
            elif end is not None and (self.of is not None or self.department or self.title.bare):
                person = np.person(j, end, Reading())
            else:
                return
        self.person, self.j = person, person.last
