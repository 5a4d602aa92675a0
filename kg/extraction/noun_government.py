"""What governs a mention in languages with the subject before the verb: prepositions, coordination, nouns after it."""

from __future__ import annotations

from kg.extraction.clauses import Scene
from kg.extraction.mentions import Mention
from kg.extraction.wordclasses import WordClasses

YEAR = 4  # digits of a number that may be one


class GovernedScene(Scene):
    """A sentence whose mentions know their preposition, their group and whether they modify a noun."""

    classes: WordClasses
    modifiers: set[int]  # ids of the mentions that modify a noun after them

    def tag(self, k: int) -> str:
        """The class of word k."""
        return self.classes.tags.get(k, "")

    def _govern(self) -> None:
        self._dissolve()
        self.classes = WordClasses(self.words, self.sentence, self.within, self.pack)
        self.modifiers = {id(m) for m in self.mentions if self._modifies(m)}
        before: Mention | None = None
        for mention in self.mentions:
            if id(mention) in self.modifiers:
                continue
            start = self.np_start(mention.first)
            shared = self._adjective_before(start)
            mention.prep = self._outer(self._left(self.np_start(shared.first) if shared is not None else start))
            if shared is not None and mention.inner:
                self.groups[id(mention)] = [shared, mention]
            if before is not None and self._joined(before, mention, start):
                group = self.groups.setdefault(id(before), [before])
                group.append(mention)
                self.groups[id(mention)] = group
                mention.prep = mention.prep or before.prep
            before = mention

    def _adjective_before(self, start: int) -> Mention | None:
        """«By Russian and Syrian warplanes»: the adjective that shares the noun of the phrase at word `start`."""
        k = self._left(start)
        mention = self.within.get(k - 1) if self.tag(k) == "C" else None
        return mention if mention is not None and mention.adjective and id(mention) in self.modifiers else None

    def _dissolve(self) -> None:
        """«They are allies of Iran», «X and Y, members of Nato»: what is said of others is nobody itself."""
        kept: list[Mention] = []
        for mention in self.mentions:
            noun = next((k for k in range(mention.first, mention.last) if self.words[k].has("trigger")), None)
            said = noun is not None and mention.kind == "head" and mention.collective and bool(mention.inner)
            apart = (said and self._predicated(mention.first - 1)) or self._within_noun(mention)
            kept += mention.inner if apart else [mention]
        self.mentions = kept
        self.within = {k: m for m in kept for k in range(m.first, m.last)}

    def _within_noun(self, mention: Mention) -> bool:
        """«Israel's ceasefire proposal»: a proposal, no ceasefire."""
        after = self.words[mention.last] if mention.last < self.sentence.last else None
        if after is None or mention.cls != "Agreement" or mention.kind != "head" or not mention.inner:
            return False
        noun = all("noun" in h.entry.features.split() or h.entry.category == "controlnoun" for h in after.hits)
        return after.kind == "word" and not after.capital and noun

    def _predicated(self, k: int) -> bool:
        """True when word k, articles and adjectives left out, is a form of «be» or the comma of an apposition."""
        while k > self.sentence.first and self.words[k].has("det", "current", "former", "time", "neg"):
            k -= 1
        if k <= self.sentence.first:
            return False
        aux = self.words[k].hit("aux")
        return (aux is not None and aux.entry.features == "be") or (self.words[k].text == "," and k - 1 in self.within)

    def _outer(self, k: int) -> str:
        """The preposition at word k; over «parts of» the one before it: «in parts of Kashmir»."""
        prep = self.classes.prepositions.get(k, "")
        if prep and prep in self.pack.marks("genitive") and self.words[k - 1].has("transparent"):
            outer = self.classes.prepositions.get(self._left(self.np_start(k - 1)), "")
            return outer or prep
        return prep

    def _left(self, k: int) -> int:
        """The word before k, quotation marks left out."""
        k -= 1
        while self.tag(k) == "Q":
            k -= 1
        return k

    def _modifies(self, mention: Mention) -> bool:
        """True for a mention that modifies the noun after it: Russian, Russia's, UN in «UN summit»."""
        k = mention.last
        tag = self.tag(k)
        if tag == "S":
            return True
        if (
            tag == "X"
            and self.words[k].text in {"-", "–"}
            and k + 1 < self.sentence.last
            and self.words[k].start == self.words[k - 1].end
        ):
            return True
        if mention.cls == "Person" and not mention.adjective:
            return False
        if tag == "M":
            return mention.adjective
        if tag == "C" and mention.adjective:
            return True
        return tag in {"N", "J"} and not self._predicative(k)

    def _predicative(self, k: int) -> bool:
        """«Held Mali responsible for …»: an adjective that says something of the noun before it."""
        kinds = {h.entry.features for h in self.words[k].hits if h.entry.category == "trigger"}
        return "phrase" in kinds and "noun" not in kinds

    def possessive(self, mention: Mention) -> bool:
        """True when a possessive mark follows."""
        return self.tag(mention.last) == "S"

    def np_start(self, k: int) -> int:
        """First word of the noun phrase that word k stands in, determiners included."""
        mention = self.within.get(k)
        j = mention.first if mention is not None else k
        while j > self.sentence.first:
            tag = self.tag(j - 1)
            if tag in {"D", "O"}:
                j -= 1
                while self.tag(j - 1) == "D":
                    j -= 1
                break
            if tag == "M":
                other = self.within[j - 1]
                if id(other) not in self.modifiers:
                    break
                j = other.first
            elif (tag == "#" and len(self.words[j - 1].text) == YEAR and self._named(j)) or (
                tag == "N" and (self.words[j - 1].has("saynoun") or self._dated(j - 1)) and self._name_at(j)
            ):
                break
            elif tag in {"N", "J", "#", "S", "Q"} or (tag == "X" and self.words[j - 1].text == "-"):
                j -= 1
            else:
                break
        while j < k and self.tag(j) == "Q":
            j += 1
        return j

    def _named(self, k: int) -> bool:
        """«In 1956 Britain …»: the name at word k stands alone and counts nothing."""
        mention = self.within.get(k)
        return (
            mention is not None and mention.kind == "name" and mention.first == k and id(mention) not in self.modifiers
        )

    def _dated(self, k: int) -> bool:
        """«On 5 May Putin …»: word k is the month of a date."""
        return self.words[k].norm in self.classes.dates and self.tag(k - 1) == "#"

    def _name_at(self, k: int) -> bool:
        """«In a statement Lavrov said …»: a name that no noun of saying before it belongs to."""
        mention = self.within.get(k)
        named = mention is not None and mention.first == k and (mention.name is not None or bool(mention.senses))
        return named and mention is not None and not mention.adjective and id(mention) not in self.modifiers

    def _joined(self, a: Mention, b: Mention, start: int) -> bool:
        gap = [j for j in range(a.last, start) if self.tag(j) != "Q"]
        if not gap or len(gap) > 2 or any(self.tag(j) != "C" and self.words[j].text != "," for j in gap):
            return False
        if not any(self.tag(j) == "C" for j in gap):
            return self.groups_ahead(b) and a.kind != "title"
        if len(gap) > 1 and self._verb_at(b.last) and not self._leads(a):
            return False  # «… by Iran, and Israel has …»
        return (
            a.prep in self.pack.marks("parties", "genitive", "agent", "source")
            or not self._verb_at(b.last)
            or self._leads(a)
        )

    def _verb_at(self, k: int) -> bool:
        while self.tag(k) in {"R", "NEG"}:
            k += 1
        return self.tag(k) in {"V", "A"}

    def _leads(self, a: Mention) -> bool:
        """True when nothing before the mention could have it as an object."""
        group = self.groups.get(id(a), [a])
        start = self.np_start(group[0].first)
        k = self._before_time(self._left(start))
        if k >= self.sentence.first and self.tag(k) == "V" and self.words[k].has("say"):
            return not self.words[k].has("trigger")  # «said Syria and Iran have agreed», not «told», «warned»
        return k < self.sentence.first or self.tag(k) in {"X", "THAT", "SUB", "REL", "C", "IF", "#"}

    def _before_time(self, k: int) -> int:
        """«On Tuesday Israel and Lebanon …», "last week …": the word before that, where word k is the end of it."""
        timed = k
        while timed >= self.sentence.first and self.tag(timed) == "R":
            timed -= 1
        return timed - (timed < k and timed >= self.sentence.first and self.tag(timed) == "P")

    def groups_ahead(self, b: Mention) -> bool:
        later = next((m for m in self.mentions if m.first >= b.last and id(m) not in self.modifiers), None)
        if later is None:
            return False
        gap = range(b.last, self.np_start(later.first))
        if not gap or len(gap) > 2 or not all(self.tag(j) == "C" or self.words[j].text == "," for j in gap):
            return False
        return any(self.tag(j) == "C" for j in gap) or self.groups_ahead(later)

    def is_bare(self, mention: Mention) -> bool:
        """True when neither a preposition nor a noun after it governs the mention."""
        return not mention.prep and id(mention) not in self.modifiers

    def _and_others(self, start: int, k: int) -> list[Mention]:
        """«France, Spain and several other states»: those who are named."""
        rest = any(self.words[j].norm in self.pack.marks("rest") for j in range(start, k))
        joint = self._left(start)
        found: list[Mention] = []
        while rest and (self.tag(joint) == "C" or (found and self.words[joint].text == ",")):
            mention = self.within.get(joint - 1)
            if mention is None or id(mention) in self.modifiers:
                break
            found.insert(0, mention)
            joint = self._left(self.np_start(mention.first))
        return found
