"""Noun phrases with a head word, in languages that put it first: وزارة الدفاع الروسية، قاعدة حميميم، الاتفاق النووي."""

from __future__ import annotations

from abc import abstractmethod
from functools import lru_cache

from kg.extraction.carried_heads import base_senses, base_site
from kg.extraction.gazetteer import Match
from kg.extraction.mentions import Mention, from_match, span
from kg.extraction.title_phrase import QUOTES
from kg.extraction.unknown_names import STOP_CATEGORIES, UnknownNames
from kg.extraction.words import Hit, Reading, Word
from kg.language import Head, Nouns, Pack

ADOPTED = 8  # words between a verb of adopting and what is adopted
WORD = 3  # letters of a word that is too short for a field of office


class HeadPhrases(UnknownNames):
    """The part of the noun-phrase reader that reads head words with what modifies them."""

    nouns: Nouns
    quote_from: int  # word of the quotation mark that opens the name being read

    @abstractmethod
    def title(self, i: int, of: Mention | None = None) -> Mention | None:
        """The title that begins at word i."""

    @abstractmethod
    def learnt(self, i: int) -> Mention | None:
        """Somebody whom the article introduced before, by family name."""

    @abstractmethod
    def person(self, first: int, last: int, reading: Reading) -> Mention:
        """A mention of a person whom nobody knows."""

    def head(self, i: int) -> Mention | None:
        """The phrase with a head word that begins at word i."""
        if "head" not in self.words[i].categories:
            return None
        hits = [hit for hit in self.words[i].hits if hit.entry.category == "head"]
        return next((made for hit in hits if (made := self._headed(i, hit)) is not None), None)

    def _headed(self, i: int, hit: Hit) -> Mention | None:
        head = self.nouns.heads[int(hit.entry.features)]
        if (head.adjective and self._modifies(i, hit)) or (head.counted and not self._counted(i, hit)):
            return None
        if head.after and not self._adopted(i, head):
            return None
        if any(h.entry.category == "count" and h.last > hit.last for h in self.words[i].hits):
            return None  # المئات من السكان
        if hit.reading.enclitic and any(
            h.entry.category == "trigger" for h in self.words[i].hits if not h.reading.enclitic
        ):
            return None  # معارضته للاتفاق: an act of his, no group
        j, inner, branch, named = self._modifiers(hit.last, head, hit.reading.definite or self._ends_definite(hit))
        if head.cls == "Organization" and head.needs == "name" and j > hit.last:
            j = self._hyphened(j)
        side = self._side(j) if head.cls == "Organization" and not head.instrument else j
        named = named or (head.described and j > hit.last) or side > j
        body = self._body_of(j) if head.collective and not hit.reading.enclitic else None
        if body is not None and self._asked(i, body):
            body = None
        if body is not None:
            inner.append(body)
            j = body.last
        if head.instrument:
            return self._owner(i, j, hit, inner)
        enclitic = bool(hit.reading.enclitic)
        if len(hit.reading.enclitic) == 1 and hit.reading.enclitic not in self.names.pack.lexicon.agreement:
            return None  # شعبي is as a rule no people of mine
        definite = hit.reading.definite or enclitic or bool(inner) or named or self._ends_definite(hit)
        if head.needs == "modifier" and not (
            inner or enclitic or (head.plain and hit.reading.definite) or named or branch
        ):
            return None
        nameless = head.needs == "name" and not (inner or branch or (named and head.cls != "MilitaryBase"))
        if nameless and not (head.plain and (hit.reading.definite or head.cls == "Agreement")):
            return None
        site = base_site(self, j) if head.cls == "MilitaryBase" and not any(m.cls != "State" for m in inner) else None
        j = site.last if site is not None else j
        start, end = span(self.words, i, j, hit.reading)
        core = " ".join(self._stem(k, hit) for k in range(i, max(j, side)))
        mention = Mention(
            i, j, start, end, head.cls, "head", hit.reading, core=core, group=self._group(hit), definite=definite,
            branch=branch or head.branch, collective=head.collective,
        )  # fmt: skip
        if head.cls == "MilitaryBase" and inner and (place := self.match(inner[0].first)):
            mention.senses = base_senses(self, hit.entry.lemma, place)
            mention.name = (inner[0].first, inner[0].last) if place.senses[0].cls in {"Place", "MilitaryBase"} else None
            owners = {"State", "Organization"}
            inner = [m for m in inner if m.cls in owners or (m.cls == "Place" and not mention.senses)]
            mention.plural = self._dual(hit)
        elif head.cls == "MilitaryBase":
            mention.plural = self._dual(hit)
        if site is not None:
            mention.senses, mention.name = site.senses, (site.first, site.last)
        mention.inner = inner
        mention.of = next((m for m in inner if m.cls in {"State", "Organization"}), None)
        alone = max(j, side) == hit.last and not enclitic and not head.after
        if alone and not (head.collective and head.needs == "none"):
            mention.kind, mention.kinds = "bare", tuple(head.kinds)
        return mention

    def _group(self, hit: Hit) -> str:
        """The head word without an article, by which «الحركة» is the movement named before."""
        word = hit.entry.lemma.removeprefix(self.names.pack.article)
        return word if len(word) >= WORD else hit.entry.lemma

    def _adopted(self, i: int, head: Head) -> bool:
        """«تبنى المجلس قرارا»: one of the words after which the head word is meant stands before it."""
        folded = {self.names.pack.fold(word) for word in head.after}
        return any(not folded.isdisjoint(w.forms) for w in self.words[max(0, i - ADOPTED) : i])

    def _owner(self, i: int, j: int, hit: Hit, inner: list[Mention]) -> Mention | None:
        """الطائرات التركية: the state or force that acts with them."""
        owner = next((m for m in inner if m.cls in {"State", "Organization"}), None)
        if owner is None:
            force = self.head(j) if j < len(self.words) and not hit.reading.definite else None
            if force is None or force.cls != "Organization" or force.reading.conj or force.reading.prep:
                return None
            force.first, force.reading = i, hit.reading  # طائرات التحالف
            return force
        return Mention(
            i,
            j,
            owner.start,
            owner.end,
            owner.cls,
            "name",
            hit.reading,
            owner.senses,
            name=(owner.first, owner.last),
            core=owner.core,
        )

    def _side(self, j: int) -> int:
        """القوات الموالية للرئيس هادي: where what tells whose they are ends: a fact, so not in the phrase."""
        k = j + 1
        if k >= len(self.words) or not self.words[j].has("affiliation") or self.words[k].kind != "word":
            return j
        prep = self.words[k].hit("prep")
        k += prep is not None and prep.last == k + 1
        match = self.match(k) if k < len(self.words) else None
        if match is not None and (prep is not None or match.reading.prep):
            return match.last
        held = (self.title(k) or self.head(k)) if k < len(self.words) else None
        return held.last if held is not None and (prep is not None or held.reading.prep) else j

    def _dual(self, hit: Hit) -> bool:
        """True when the head word is a form other than its first, singular one."""
        head = self.nouns.heads[int(hit.entry.features)]
        pack = self.names.pack
        first = pack.fold(head.words[0])
        return hit.reading.bare not in {first, first.removeprefix(pack.fold(pack.language.clitics.article))}

    def _ends_definite(self, hit: Hit) -> bool:
        """مجلس النواب: a phrase whose genitive has the article."""
        return hit.last - hit.first > 1 and any(r.definite for r in self.words[hit.last - 1].readings)

    def _stem(self, k: int, hit: Hit) -> str:
        return hit.reading.bare if k == hit.first else self.words[k].norm

    def _modifiers(self, j: int, head: Head, definite: bool) -> tuple[int, list[Mention], str | None, bool]:
        """Adjectives, genitives and names after a head word: (end, mentions within, branch, has an unknown name)."""
        inner: list[Mention] = []
        branch: str | None = None
        named, unknown, first, absolute = False, 0, j, self._absolute(j - 1)
        self.quote_from = len(self.words)
        while j < len(self.words):
            word = self.words[j]
            if word.text in {"«", '"', "“"} and j + 2 < len(self.words) and not inner and not named:
                self.quote_from, j = j, j + 1
                continue
            if word.text in {"»", "”", '"'}:
                opened = any(w.text in QUOTES for w in self.words[max(0, j - 6) : j] if w.i >= self.quote_from)
                j += opened
                break
            if word.kind == "number" and head.cls == "Agreement":
                j, named = j + 1, True
                continue
            tied = self.match(j + 1) if word.text in {"-", "–"} and inner and inner[-1].adjective else None
            if tied is not None and tied.senses[0].kind == "demonym":
                inner.append(from_match(self.words, tied))
                j = tied.last
                continue
            if word.kind != "word":
                break
            match = self.match(j)
            construct = j == first and not absolute
            nested = self._genitive_head(j) if construct and match is None else None
            if nested is not None and (head.collective or (head.cls == "Organization" and nested.definite)):
                inner.append(nested)
                j = nested.last
                break
            if head.cls == "MilitaryBase" and word.has("affiliation") and (owner := self.match(j + 1)) is not None:
                inner.append(from_match(self.words, owner))  # معسكر تابع للحرس الثوري
                j = owner.last
                break
            holder = head.cls in {"Organization", "Place"} and not inner and not definite and not word.hit("portfolio")
            title = self.title(j) if holder else None
            if title is not None and title.reading.cost == 0 and title.kind == "title":
                inner.append(title)
                j = title.last
                break
            person = match is not None and match.senses[0].cls == "Person" and not match.reading.cost
            if person and self._article(j - 1) and self.quote_from > j:
                break  # لجنة الشؤون الخارجية بوب كوركر
            if hit := word.hit("branch"):
                branch, j = hit.entry.lemma, hit.last
            elif match and match.reading.cost == 0 and self._fits(match, head, definite or absolute, inner):
                inner.append(from_match(self.words, match))
                j = match.last
            elif (hit := word.hit("current", "portfolio")) and hit.reading.cost == 0:
                named = named or hit.entry.category == "portfolio"
                j = hit.last
            elif named and (more := self._second_field(j)):
                j = more
            elif definite and not self._article(j) and self.quote_from > j and match is None:
                break  # الناطق باسم الجبهة الجنوبية عصام الريس: after the article no genitive
            elif head.needs == "name" and unknown < 2 and not inner and self._in_body_name(word, head):
                named, unknown, j = True, unknown + 1, j + 1
            else:
                break
        while self.words[j - 1].text in {"«", '"', "“"}:
            j -= 1
        return j, inner, branch, named

    def _modifies(self, i: int, hit: Hit) -> bool:
        """المدفوعات الخارجية، هجوم انتحاري: True where the word agrees with a noun before it."""
        before = self.words[i - 1] if i else None
        if before is not None and before.text in QUOTES and i > 1 and hit.reading.definite:
            return not hit.reading.conj and not hit.reading.prep  # تنظيم «داعش» الإرهابي
        if before is None or before.kind != "word" or hit.reading.conj or hit.reading.prep:
            return False
        if hit.reading.definite:
            return any(r.definite and not r.conj for r in before.readings if r.cost in {0, 2})
        verb = any("perfect" in h.entry.features for h in before.hits)
        noun = before.has("trigger") or (self.common(before) and not before.has("say", "light", "det", "prep"))
        return noun and not verb

    def _counted(self, i: int, hit: Hit) -> bool:
        """20 شخصا، آلاف الأشخاص، عدد من العمال: True where what says how many stands just before."""
        if i == 0 or hit.reading.conj or hit.reading.prep:
            return False
        before = (h for word in self.words[max(0, i - 4) : i] for h in word.hits if h.last == i)
        return self.words[i - 1].kind == "number" or any(h.entry.category == "count" for h in before)

    def _in_body_name(self, word: Word, head: Head) -> bool:
        """جبهة الإنقاذ، منظمة «كير»: a word of the name of a body, common with the article only."""
        if not word.categories.isdisjoint(STOP_CATEGORIES) or word.kind != "word":
            return False
        definite = any(r.definite and r.cost == 0 for r in word.readings)
        if definite and head.worded and self.match(word.i) is None:
            return True
        return self._nameable(word, first=False, doubt=self.words[word.i - 1].text in QUOTES)

    def _body_of(self, j: int) -> Mention | None:
        """مسؤول في وزارة الدفاع، مسؤولون بالإدارة: the body that unnamed people work in."""
        if j + 1 >= len(self.words) or self.words[j].kind != "word":
            return None
        wanted = self.membership
        hit = self.words[j].hit("prep")
        apart = hit is not None and hit.last == j + 1 and hit.entry.lemma in wanted and not hit.reading.enclitic
        k = j + apart
        match = self.match(k)
        if match is not None and match.senses[0].cls == "Organization":
            body = from_match(self.words, match, ("Organization",))
        else:
            head = self.head(k)
            if head is None or head.cls != "Organization" or head.collective:
                return None
            body = head
        prep = body.reading.prep
        attached = not apart and prep in wanted
        return body if (attached or (apart and not prep)) and not body.reading.conj else None

    def _asked(self, i: int, body: Mention) -> bool:
        """طلب مسؤولون أتراك من واشنطن: the preposition is the one by which the verb before takes its recipient."""
        hits = self.words[i - 1].hits if i else []
        verbs = [h.entry for h in hits if h.entry.category == "trigger" and "verb" in h.entry.features.split()]
        before = self.words[body.first - 1].hit("prep")
        prep = body.reading.prep or (before.entry.lemma if before is not None else "")
        pack = self.names.pack
        slots = (pack.frames[kind].rules[n].roles.get("recipient", "") for verb in verbs for kind, n in verb.rules)
        after = self.words[body.last].hit("prep") if body.last < len(self.words) else None
        if after is not None and after.entry.lemma == prep:
            return False  # انسحب مقاتلون من حزب الله من سوريا
        return prep != "" and any(prep in pack.fold(slot).split("|") for slot in slots)

    @property
    def membership(self) -> set[str]:
        """Prepositions between people and the body that they work in, folded."""
        return {self.names.pack.fold(word) for word in self.nouns.membership}

    def _second_field(self, j: int) -> int:
        """لجنة الأمن القومي والسياسة الخارجية، وزارة الزراعة واستصلاح الأراضي: the end of a second field, or 0."""
        word, after = self.words[j], self.words[j + 1] if j + 1 < len(self.words) else None
        if word.has("head", "title", "trigger", "verb", "say", "light") or not self.common(word) or after is None:
            return 0
        joined = [r for r in word.readings if r.conj and not r.prep and not r.enclitic and len(r.bare) > WORD]
        definite = any(r.definite for r in joined)
        genitive = any(r.definite and not r.cost for r in after.readings) and self.match(j + 1) is None
        if not joined or not genitive:
            return 0
        field = after.has("portfolio", "current") if definite else not after.has("head", "title")
        return j + 2 if field else 0

    def _article(self, k: int) -> bool:
        """True for a word with the article and nothing before it."""
        return any(r.definite and not r.cost for r in self.words[k].readings)

    def _hyphened(self, j: int) -> int:
        """حزب … الديمقراطية-قوات الدفاع عن الديمقراطية: the end of a second name tied on with a hyphen, or word j."""
        words = self.words
        if not 0 < j < len(words) - 1 or words[j].text != "-":
            return j
        tight = words[j - 1].end == words[j].start and words[j].end == words[j + 1].start
        more = self.head(j + 1) if tight else None
        if more is None or more.cls != "Organization" or more.reading.conj or more.reading.prep:
            return j
        return more.last

    def _absolute(self, k: int) -> bool:
        """نواب جمهوريون، مسلحون: a plural whose ending no genitive follows."""
        return self.words[k].norm.endswith(_absolute_ends(self.names.pack))

    def _genitive_head(self, j: int) -> Mention | None:
        """ممثلو الحكومة اليمنية، وزراء خارجية دول الخليج: a body described by a head word of its own."""
        nested = self.head(j)
        if nested is None or nested.reading.conj or nested.reading.prep or nested.cls != "Organization":
            return None
        return nested

    def _fits(self, match: Match, head: Head, definite: bool, inner: list[Mention]) -> bool:
        """A noun with the article takes adjectives, no genitive: «الخارجية» is never followed by its owner's name."""
        demonym = match.senses[0].kind == "demonym"
        demonym |= match.reading.definite and any(sense.kind == "demonym" for sense in match.senses)  # السعودية
        if definite and head.cls == "Organization" and not demonym:
            return False
        if head.cls == "Place" and inner and match.senses[0].cls == "Organization":
            return False  # «هاجم التنظيم الذي يسيطر على مدينة الموصل القوات العراقية»
        classes = {sense.cls for sense in match.senses}
        return "Person" not in classes or (head.cls in {"Organization", "Agreement"} and not inner)


@lru_cache(maxsize=8)
def _absolute_ends(pack: Pack) -> tuple[str, ...]:
    """Endings of a plural of people that no genitive follows."""
    ends = (end for rule in pack.language.noun_forms for end, mark in rule.add.items() if mark == "people")
    return tuple(end for end in ends if len(end) > 1)
