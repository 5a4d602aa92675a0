"""Noun phrases of languages that put the head first (Arabic): title + state + name, head word + modifiers."""

from __future__ import annotations

from kg.extraction.carried_heads import more_bases, more_holders
from kg.extraction.described_people import described_people
from kg.extraction.gazetteer import Gazetteer, Match, Sense
from kg.extraction.head_phrases import HeadPhrases
from kg.extraction.mentions import Mention, from_match, span
from kg.extraction.surnames import leader
from kg.extraction.title_phrase import TitlePhrase
from kg.extraction.unknown_names import STOP_CATEGORIES
from kg.extraction.words import COMMA, Hit, Reading, Word
from kg.language import Title
from kg.seeds import Person, Term

KUNYA = 2  # letters of a particle of names that is more often another word

NOT_FAMILY = frozenset(
    ["trigger", "verb", "say", "prep", "title", "head", "time"]
)  # of words that are family names as well
LEADING = frozenset(["counterpart", "deputy", "own", "pair", "title", "honorific", "head"])  # what a phrase begins with


class NounPhrases(HeadPhrases):
    """Finds mentions in a list of analysed words, left to right, the longest first."""

    def __init__(self, words: list[Word], names: Gazetteer, known: dict[str, str]) -> None:
        self.full: frozenset[str] | None = None  # people whom the article names in full; None while that is not known
        self.day = ""  # when the article was published
        self.words = words
        self.names = names
        self.nouns = names.pack.nouns
        self.known = known  # names of people learnt in this article: last word, folded -> full name
        self.families: dict[str, tuple[Sense, ...]] = {}  # last word of a known person's full name -> who that is
        self.matches: dict[int, Match | None] = {}
        self.runs: dict[tuple[int, int, bool], tuple[int, int, bool]] = {}
        self.leading: dict[int, Reading | None] = {}
        self.blank: set[int] = set()  # words at which nothing begins, except perhaps a learnt family name
        self.pointing = (
            ("counterpart", self._counterpart), ("deputy", self._own_deputy), ("own", self._own), ("pair", self._pair),
        )  # fmt: skip
        self.quote_from = 0  # word of the quotation mark that opens the name being read

    def all(self) -> list[Mention]:
        """All mentions in text order; those within others hang on them as `inner`."""
        found: list[Mention] = []
        i = 0
        while i < len(self.words):
            mention = self.at(i) if self.words[i].kind in {"word", "number"} else None
            if mention is None:
                i += 1
                continue
            found.append(mention)
            i = max(mention.last, i + 1)
            if mention.cls == "MilitaryBase":
                i = more_bases(self, mention, found)
            elif mention.office is not None and mention.name is not None:
                i = more_holders(self, mention, found)
        return found

    def at(self, i: int) -> Mention | None:
        """The mention that begins at word i, if any."""
        if i in self.blank:
            return self.learnt(i)
        word = self.words[i]
        for category, read in self.pointing if word.has("counterpart", "deputy", "own", "pair") else ():
            for hit in word.hits:
                if hit.entry.category == category and (found := read(i, hit)) is not None:
                    return found
        title = self.title(i)
        match = self.match(i)
        head = self.head(i)
        group = head is not None and head.collective and title is not None and title.name is None
        if title is not None and not group and not (title.kind == "bare" and match and match.last > title.last):
            return self._apposition(title) if title.name is not None and title.of is None else title
        known = (
            match is not None and match.last - match.first > 1 and head is not None and match.senses[0].cls == head.cls
        )
        if (
            head is not None
            and not known
            and (match is None or head.last > match.last or match.senses[0].cls == "Place")
        ):
            return head
        if match is not None and not self._fathered(match.last):
            return self._known(match)
        people = described_people(self, i) if match is None and head is None else None
        return people or self.learnt(i) or self._unknown(i)

    def _unknown(self, i: int) -> Mention | None:
        """A full name; or قال ريتشارد ليبارون، السفير السابق …: an unknown name that its title follows."""
        full = self.named(i)
        if full is not None:
            return self._apposition(self.person(i, *full))
        kunya = self.words[i].has("kunya") and len(self.words[i].norm) > KUNYA
        end = self.unknown_name(i, least=2) or (self.unknown_name(i, least=1) if kunya else None)
        if end is None or end >= len(self.words):
            if self.words[i].categories.isdisjoint(LEADING):
                self.blank.add(i)
            return None
        comma = self.words[end].text in COMMA
        before = self.words[i - 1] if i else None
        if not comma and not kunya and not (before is not None and before.has("say", "relay", "light")):
            return None
        person = self.person(i, end, Reading())
        found = self._apposition(person)
        return found if found.office is not None else None

    def _fathered(self, j: int) -> bool:
        """تركي بن فيصل: what a patronymic follows is a given name."""
        return j < len(self.words) and self.patronymic(self.words[j])

    def match(self, i: int) -> Match | None:
        """The gazetteer's answer at word i, remembered."""
        if i >= len(self.words) or self.words[i].kind != "word":
            return None
        if i not in self.matches:
            self.matches[i] = self.names.at(self.words, i)
        return self.matches[i]

    # -- known names ------------------------------------------------------------------------------------------

    def _known(self, match: Match) -> Mention | None:
        mention = from_match(self.words, match)
        word = self.words[match.first]
        single = match.last - match.first == 1
        sure = {hit.entry.category for hit in word.hits if hit.reading.cost < 2}  # كاميرون is no ك + أميرون
        if single and mention.kind == "family" and not sure.isdisjoint(NOT_FAMILY):
            return None  # a family name that is also a common word
        if single and mention.kind == "family" and (full := self.named(match.first)) is not None:
            return self._apposition(self.person(match.first, *full))  # جوناثان بولارد: his given name
        if single and mention.kind == "demonym" and word.hit("portfolio", "title"):
            return None
        if (single and word.has("homonym") and self._no_name(match)) or self._of_sport(match):
            return None
        if mention.kind == "family" and self.full is not None and not self._introduced(mention):
            return None
        if mention.cls == "Person":
            return self._apposition(mention)
        if mention.cls == "MilitaryBase":
            self._owned(mention)
        return mention

    def _no_name(self, match: Match) -> bool:
        """قرض مالي، بحماس: a homonym after an indefinite common noun, or with the preposition of manner."""
        before = self.words[match.first - 1] if match.first else None
        if before is None or match.reading.conj:
            return False
        if match.reading.prep:
            return match.reading.prep in self.membership and not before.has("relational")
        verb = any("perfect" in h.entry.features for h in before.hits)
        plain = before.kind == "word" and not verb and not any(r.definite for r in before.readings)
        return plain and not before.has("head", "title", "prep", "direction", "det", "coord", "say")

    def _of_sport(self, match: Match) -> bool:
        """الاتحاد الأفريقي لكرة القدم: a body of sport that bears the name of another."""
        after = self.words[match.last].hit("sport") if match.last < len(self.words) else None
        return after is not None and bool(after.reading.prep) and match.senses[0].cls == "Organization"

    def _owned(self, base: Mention) -> None:
        """قاعدة حميميم الروسية: a known name that says whose base it is, and of which force."""
        for k in range(base.first + 1, base.last):
            match, branch = self.match(k), self.words[k].hit("branch")
            if match is not None and match.last <= base.last and match.senses[0].kind == "demonym":
                base.inner.append(from_match(self.words, match))
            base.branch = branch.entry.lemma if branch is not None else base.branch

    def _introduced(self, mention: Mention) -> bool:
        """A family name alone is somebody whom the article names in full, or the only leader of that name."""
        refs = [s.ref for s in mention.senses if s.cls == "Person"]
        named = [ref for ref in refs if self.full is not None and ref in self.full]
        if named:
            mention.senses = tuple(s for s in mention.senses if s.ref in named)
            return True
        word = self.words[mention.first]
        if not refs or any(hit.reading.cost < 2 for hit in word.hits):
            return False
        plain = self.common(word) or self.given(word, doubtful=True)
        chosen = leader(refs, self.names.world, self.day, plain=plain)
        mention.senses = tuple(s for s in mention.senses if s.ref == chosen)
        return chosen is not None

    def _apposition(self, person: Mention) -> Mention:
        """NAME، TITLE: the office that follows a name."""
        j = person.last
        if j < len(self.words) and self.words[j].text in COMMA:
            j += 1
        title = self.title(j) if j < len(self.words) else None
        if title is None or title.reading.conj or title.reading.prep or title.name is not None:
            return person
        if title.of is None or title.kind == "bare":
            return self._held(person, title)
        hit = self.words[title.first].hit("title")
        if hit is not None and hit.reading.bare not in hit.entry.lemma.split()[:1] and not hit.reading.definite:
            return person  # انتُخب فلان رئيسا للبنان: what he becomes
        comma = self.words[title.first - 1].text in COMMA
        if not comma and (
            (person.office is not None and person.of is not None)
            or (title.reading.definite and self._honoured(person) and not self._terms(person, title))
        ):
            return person  # «دعا الملك سلمان الرئيس الإيراني»: two men
        if not comma and self._serves_another(person, title):
            return person  # «التقى بوتين الرئيس التركي»: two men
        person.office, person.of, person.last, person.end = title.office, title.of, title.last, title.end
        person.inner = title.inner
        return person

    def _serves_another(self, person: Mention, title: Mention) -> bool:
        """True when the title is a ruler's or a minister's, and all we know of the person is office in other states."""
        if title.office is None or title.office.kind not in {"headOfState", "headOfGovernment", "minister"}:
            return False
        state = title.of.ref() if title.of is not None and title.of.cls == "State" else None
        terms = self._offices(person)
        return state is not None and bool(terms) and all(term.of != state for term in terms)

    def _offices(self, person: Mention) -> list[Term]:
        """The offices that the world data knows the person in."""
        records = [self.names.world.records[s.ref] for s in person.senses]
        return [term for record in records if isinstance(record, Person) for term in record.offices]

    def _terms(self, person: Mention, title: Mention) -> bool:
        """True when the world data knows the person in the service of the state or body of the title."""
        refs = {m.ref() for m in ([title.of, *title.of.inner] if title.of is not None else [])}
        return any(term.of in refs for term in self._offices(person))

    def _honoured(self, person: Mention) -> bool:
        """True for an honorific and a name that may be whom the verb before acts on: no preposition, no «and»."""
        before = self.words[person.first - 1] if person.first else None
        governed = person.reading.conj or person.reading.prep or (before is not None and before.has("prep"))
        return person.first < (person.name or (0, 0))[0] and not governed

    def _held(self, person: Mention, title: Mention) -> Mention:
        """الأمير محمد بن سلمان وزير الدفاع: an office of no named state that the world data knows him in."""
        office = title.office
        if office is None or title.group != "department" or person.of is not None:
            return person
        if all(term.office != office.kind for term in self._offices(person)):
            return person
        person.office, person.last, person.end = office, title.last, title.end
        return person

    def learnt(self, i: int) -> Mention | None:
        """A later mention, by family name alone, of somebody whom the article introduced in full."""
        word = self.words[i]
        if not any(reading.stem in self.known or reading.stem in self.families for reading in word.readings):
            return None
        if not word.categories.isdisjoint(STOP_CATEGORIES) or self.common(word):
            return None
        for reading in word.readings:
            core, senses = self.known.get(reading.stem, ""), self.families.get(reading.stem, ())
            if (core or senses) and not reading.enclitic and not reading.future:
                start, end = span(self.words, i, i + 1, reading)
                name = (i, i + 1)
                return Mention(i, i + 1, start, end, "Person", "family", reading, senses, name=name, core=core)
        return None

    # -- titles -----------------------------------------------------------------------------------------------

    def title(self, i: int, of: Mention | None = None) -> Mention | None:
        if i >= len(self.words) or not self.words[i].has("deputy", "title", "honorific"):
            return None
        deputy, j, reading = False, i, None
        while j < len(self.words) and (hit := self.words[j].hit("deputy")):
            deputy, reading, j = True, reading or hit.reading, hit.last
        hit = self.words[j].hit("title") if j < len(self.words) else None
        if hit is None and deputy and j == i + 1 and (hit := self.words[i].hit("title")) is not None:
            deputy, j = False, i  # وكيل وزارة الخارجية: a deputy who is no other title's
        if hit is not None and not deputy and (owned := self._possessed(i, hit)) is not None:
            return owned
        if hit is None or hit.reading.enclitic:
            return self._honorific(i)
        if self._fathered(hit.last) and self.given(self.words[j], doubtful=True):
            return None  # سلطان بن عبدالعزيز
        if (deputy and hit.reading.prep not in {"", *self.names.pack.language.clitics.elided.values()}) or (
            hit.reading.conj and deputy
        ):
            return None
        title = self.nouns.titles[int(hit.entry.features)]
        if title.genitive_only and hit.reading.definite:
            return None
        reading = reading or hit.reading
        phrase = TitlePhrase(self, i, hit.last, reading, title, deputy)
        phrase.of = of
        mention = phrase.parse()
        return self._chained(mention) if mention is not None else self._honorific(i)

    def _possessed(self, i: int, hit: Hit) -> Mention | None:
        """زعيمها خالد مشعل، رئيس وزرائها: a named holder of an office of whoever the pronoun points to."""
        agreement = self.names.pack.lexicon.agreement
        last = self.words[hit.last - 1]
        ends = [r.enclitic for r in last.readings if r.enclitic in agreement]
        within = hit.last - hit.first > 1 and ends and last.norm != self.names.pack.fold(hit.entry.lemma).split()[-1]
        pronoun = hit.reading.enclitic or (ends[0] if within else "")
        if pronoun not in agreement:
            return None
        title = self.nouns.titles[int(hit.entry.features)]
        phrase = TitlePhrase(self, i, hit.last, hit.reading, title.model_copy(update={"bare": True}), False)
        mention = phrase.parse()
        if mention is None or mention.name is None or mention.of is not None:
            return None
        mention.group, mention.owner = "borrowed", tuple(agreement[pronoun])
        return mention

    def _chained(self, mention: Mention) -> Mention:
        """نائب الرئيس اليمني رئيس مجلس الوزراء، خالد بحاح: one holder of several offices."""
        j = mention.last
        if mention.name is not None or mention.of is None or mention.office is None or j >= len(self.words):
            return mention
        nxt = self.title(j, mention.of) if self.words[j].hit("title", "deputy") else None
        if nxt is None or nxt.name is None or nxt.reading.conj or nxt.reading.prep or nxt.office is None:
            return mention
        if nxt.office.kind == mention.office.kind == "headOfState":
            return mention  # قلّد رئيس النيجر خادم الحرمين الشريفين: two men
        mention.more = [nxt.office, *nxt.more]
        mention.senses, mention.name, mention.core = nxt.senses, nxt.name, nxt.core
        mention.last, mention.end = nxt.last, nxt.end
        mention.inner += nxt.inner
        return mention

    def _honorific(self, i: int) -> Mention | None:
        """الملك سلمان، الشيخ تميم: a person known by an honorific and a name."""
        hit = self.words[i].hit("honorific")
        if hit is None:
            return None
        j = hit.last
        while j < len(self.words) and (more := self.words[j].hit("honorific")) and not more.reading.conj:
            j = more.last
        match = self.match(j)
        if match and any(s.cls == "Person" for s in match.senses) and match.reading.cost == 0:
            person = from_match(self.words, match, ("Person",))
        elif (name := self.unknown_name(j, least=2) or self._name_with_demonym(j)) is not None:
            person = self.person(j, name, Reading())
        else:
            return None
        person.first, person.reading = i, hit.reading
        person.start = self.words[i].start + hit.reading.skip
        return self._apposition(person)

    def _name_with_demonym(self, j: int) -> int | None:
        """الصحفي نبيل اللبناني: after an honorific and a given name, a demonym is a family name."""
        end = self.unknown_name(j, least=1)
        if end != j + 1 or self.words[j].norm not in self.names.name_words:
            return None
        match = self.match(end)
        return match.last if match and match.senses[0].kind == "demonym" and match.reading.definite else None

    def person(self, first: int, last: int, reading: Reading) -> Mention:
        start, end = span(self.words, first, last, reading)
        core = " ".join(self.words[k].norm for k in range(first, last) if self.words[k].text != "-")
        return Mention(first, last, start, end, "Person", "unknown", reading, name=(first, last), core=core)

    # -- pointing words -----------------------------------------------------------------------------------------

    def _counterpart(self, i: int, hit: Hit) -> Mention:
        """نظيره السوري أحمد الشرع: the office comes from the other party."""
        phrase = TitlePhrase(self, i, hit.last, hit.reading, Title(words=[], office=""), False)
        mention = phrase.parse(force=True)
        assert mention is not None
        mention.group = "counterpart"
        return mention

    def _own_deputy(self, i: int, hit: Hit) -> Mention | None:
        """ونائبه السابق رياك مشار: the deputy of whoever was named before."""
        if not hit.reading.enclitic:
            return None
        phrase = TitlePhrase(self, i, hit.last, hit.reading, Title(words=[], office="other", bare=True), False)
        phrase.borrowed = True
        mention = phrase.parse()
        return mention if mention is not None and mention.name is not None else None

    def _own(self, i: int, hit: Hit) -> Mention:
        start, end = span(self.words, i, hit.last, hit.reading)
        return Mention(i, hit.last, start, end, "State", "own", hit.reading)

    def _pair(self, i: int, hit: Hit) -> Mention:
        if self.words[i].hit("title") and (title := self.title(i)) is not None and title.name is not None:
            return title
        start, end = span(self.words, i, hit.last, hit.reading)
        last, inner = hit.last, []
        while (match := self.match(last)) and any(s.kind == "demonym" for s in match.senses):
            inner.append(from_match(self.words, match, ("State",)))
            last, end = match.last, self.words[match.last - 1].end
        pair = Mention(i, last, start, end, "pair", "pair", hit.reading, group=hit.entry.features, plural=True)
        pair.inner = inner
        return pair
