"""One sentence of a language that puts the subject before the verb: verb groups, their subjects, clauses, and what governs what."""

from __future__ import annotations

from dataclasses import dataclass, field

from kg.extraction.clauses import PREDICATES, Clause, Predicate, Scene
from kg.extraction.mentions import Mention
from kg.extraction.wordclasses import WordClasses, form
from kg.extraction.words import Hit, Reading
from kg.language import Entry

NOUNS = frozenset({"N", "J", "#", "S", "M", "Q"})
CONTROL_REACH = 14  # words between a verb and the infinitive or gerund that it governs


@dataclass(slots=True, eq=False)
class Group(Predicate):
    """A predicate with its form and its place in the sentence."""

    form: str = "noun"  # finite, infinitive, gerund, participle, adjective, noun
    start: int = 0  # first word, auxiliaries included
    cues: list[Hit] = field(default_factory=list)  # auxiliaries and negators, the nearest first
    above: Group | None = None  # what it hangs on
    link: str = ""  # how: to, comp, obj, gerund, subj or a preposition
    how: str = ""  # how its subject was found: noun phrase, plain noun, relative, shared …
    begins: int = 0  # first word of its clause


class SvoScene(Scene):
    """A sentence with its clauses, predicates and governed mentions."""

    classes: WordClasses
    groups_of: list[Group]

    # -- mentions --------------------------------------------------------------------------------------------------

    def _govern(self) -> None:
        self.classes = WordClasses(self.words, self.sentence, self.within, self.pack)
        self.tag = self.classes.at
        self.modifiers = {id(m) for m in self.mentions if self._modifies(m)}
        before: Mention | None = None
        for mention in self.mentions:
            if id(mention) in self.modifiers:
                continue
            start = self.np_start(mention.first)
            mention.prep = self.classes.prepositions.get(self._left(start), "")
            if before is not None and self._joined(before, mention, start):
                group = self.groups.setdefault(id(before), [before])
                group.append(mention)
                self.groups[id(mention)] = group
                mention.prep = mention.prep or before.prep
            before = mention

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
        return tag in {"N", "J"}

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
            elif tag in {"N", "J", "#", "S", "Q"} or (tag == "X" and self.words[j - 1].text == "-"):
                j -= 1
            else:
                break
        while j < k and self.tag(j) == "Q":
            j += 1
        return j

    def _joined(self, a: Mention, b: Mention, start: int) -> bool:
        gap = [j for j in range(a.last, start) if self.tag(j) != "Q"]
        if not gap or len(gap) > 2 or any(self.tag(j) != "C" and self.words[j].text != "," for j in gap):
            return False
        if not any(self.tag(j) == "C" for j in gap):
            return self.groups_ahead(b) and a.kind != "title"
        return a.prep in {"between", "of", "by", "from"} or not self._verb_at(b.last) or self._leads(a)

    def _verb_at(self, k: int) -> bool:
        while self.tag(k) in {"R", "NEG"}:
            k += 1
        return self.tag(k) in {"V", "A"}

    def _leads(self, a: Mention) -> bool:
        """True when nothing before the mention could have it as an object."""
        group = self.groups.get(id(a), [a])
        start = self.np_start(group[0].first)
        k = self._left(start)
        return k < self.sentence.first or self.tag(k) in {"X", "THAT", "SUB", "REL", "C", "IF"}

    def groups_ahead(self, b: Mention) -> bool:
        later = [m for m in self.mentions if m.first >= b.last and id(m) not in self.modifiers][:1]
        if not later:
            return False
        gap = range(b.last, self.np_start(later[0].first))
        if not gap or len(gap) > 2 or not all(self.tag(j) == "C" or self.words[j].text == "," for j in gap):
            return False
        return any(self.tag(j) == "C" for j in gap) or self.groups_ahead(later[0])

    def is_bare(self, mention: Mention) -> bool:
        """True when neither a preposition nor a noun after it governs the mention."""
        return not mention.prep and id(mention) not in self.modifiers

    # -- predicates --------------------------------------------------------------------------------------------------

    def _split(self) -> None:
        """Clauses follow from the verb groups."""

    def _predicates(self) -> None:
        self.groups_of = []
        k = self.sentence.first
        while k < self.sentence.last:
            made = None if k in self.within else self._group(k)
            if made is not None:
                self.groups_of.append(made)
            k = made.last if made is not None and made.last > k else k + 1
        self.predicates.extend(self.groups_of)
        for group in self.groups_of:
            if group.form == "finite":
                group.begins = self._begin(group)
        self._reduce()
        self._clauses()

    def _group(self, k: int) -> Group | None:
        tag = self.tag(k)
        hits = [h for h in self.words[k].hits if h.entry.category in PREDICATES and h.last <= self.sentence.last]
        hits = [h for h in hits if not any(j in self.within for j in range(h.first, h.last))]
        order = {category: number for number, category in enumerate(PREDICATES)}
        if tag == "A":
            modal = next((h for h in hits if "participle" in h.entry.features.split() and not form(h)), None)
            if modal is not None:
                return Group(modal, "trigger", False, k, modal.last, 0, self._wants(modal), form="modal", start=k)
            return self._copula(k)
        if tag in {"V", "G"}:
            verbs = [h for h in hits if form(h)]
            if not verbs:
                verbs = [
                    Hit(Entry("verb", self.words[k].norm, "gerund" if tag == "G" else "past"), Reading(), k, k + 1)
                ]
            hit = min(verbs, key=lambda h: (-(h.last - h.first), order.get(h.entry.category, 9)))
            return self._verb(k, hit, {form(h) for h in verbs})
        nouns = [h for h in hits if {"noun", "participle", "phrase"} & set(h.entry.features.split())]
        if not nouns or (tag == "R" and not any(h.last - k > 1 for h in nouns)):
            return None
        hit = min(nouns, key=lambda h: (-(h.last - h.first), order.get(h.entry.category, 9)))
        kind = "adjective" if {"participle", "phrase"} & set(hit.entry.features.split()) else "noun"
        same = [h for h in hits if h.last == hit.last]
        wants = frozenset().union(*(self._wants(h) for h in same))
        return Group(hit, hit.entry.category, False, k, hit.last, 0, wants, form=kind, start=k)

    def _copula(self, k: int) -> Group | None:
        """An auxiliary that no verb follows: «is a member»."""
        j = k + 1
        while self.tag(j) in {"A", "R", "NEG", "T"}:
            j += 1
        if self.tag(j) in {"V", "G"} or self.tag(k - 1) == "A":
            return None
        if self.tag(j) in {"M", "I", "D"} and self.words[self.sentence.last - 1].text == "?":
            return None
        hit = self.words[k].hit("aux")
        if hit is None:
            return None
        entry = Entry("verb", hit.entry.lemma, "third")
        made = Group(Hit(entry, Reading(), k, j), "verb", True, k, j, 0, form="finite", start=k)
        made.cues = [h for w in range(j - 1, k - 1, -1) if (h := self._cue(w)) is not None]
        if self.tag(k - 1) == "T":
            made.form = "infinitive"
        return made

    def _cue(self, k: int) -> Hit | None:
        return self.words[k].hit("neg", "aux", "modal")

    def _verb(self, k: int, hit: Hit, forms: set[str]) -> Group:
        j, be, auxiliaries, to = k, False, 0, False
        cues: list[Hit] = []
        while self.tag(j - 1) in {"A", "NEG", "R", "T"}:
            j -= 1
            for cue in self.words[j].hits:
                if cue.entry.category in {"neg", "aux", "modal"} and cue not in cues:
                    cues.append(cue)
            if self.tag(j) == "T":
                before = self.words[j - 1].hit("aux") if self.tag(j - 1) == "A" else None
                to = before is None or before.entry.features != "be"
                if to:
                    break
                cues.append(Hit(Entry("modal", self.words[j].norm, "planned"), Reading(), j - 1, j + 1))  # «is to meet»
            if self.tag(j) == "A":
                aux = self.words[j].hit("aux")
                be |= auxiliaries == 0 and aux is not None and aux.entry.features in {"be", "get"}
                auxiliaries += 1
        if not auxiliaries and not to:
            j = k
            while self.tag(j - 1) in {"NEG", "R"}:
                j -= 1
        kind = "infinitive" if to else "finite"
        if self.tag(k) == "G" and not auxiliaries:
            kind = "gerund"
        same = [h for h in self.words[k].hits if h.last == hit.last]
        wants = frozenset().union(*(self._wants(h) for h in same))
        made = Group(hit, hit.entry.category, True, k, hit.last, 0, wants, form=kind, start=j, cues=cues)
        for j in range(k + 1, hit.last):
            self.classes.tags[j] = "V"  # a particle belongs to its verb
            self.classes.prepositions.pop(j, None)
        made.carrier = next((h for h in same if h.entry.category in {"light", "control"} and form(h)), None)
        made.passive = be and bool(forms & {"participle", "past"}) and "gerund" not in forms
        if kind == "finite" and not auxiliaries and forms <= {"past", "participle"} and self._reduced(made):
            made.form, made.passive = "participle", True
        return made

    def _reduced(self, group: Group) -> bool:
        """A participle without auxiliary that modifies the noun before it: «a man held by police»."""
        after = self.classes.prepositions.get(group.last, "") if self.tag(group.last) == "P" else ""
        before = self.tag(self._left(group.start))
        if before not in {"N", "M", "X"}:
            return False
        if after == "by":
            return True
        if group.category in {"say", "relay"} or before == "X":
            return False
        if self._after_object(group.start):
            return True
        if self.tag(group.last) not in {"P", "R"} or not self._transitive(group):
            return False
        for k in range(group.last, self.sentence.last):
            tag = self.tag(k)
            if (
                tag in {"REL", "SUB", "THAT", "IF"}
                or (tag == "X" and self.words[k].text in {",", ";", ":"})
                or tag == "C"
            ):
                return False
            if tag in {"V", "A"}:
                return self.tag(k - 1) != "T"
        return False

    def _after_object(self, k: int) -> bool:
        """True when the noun phrase before word k is an object: «struck a deal based on the name»."""
        k = self._left(k)
        for _ in range(8):
            if self.tag(k) not in {"N", "M"}:
                return False
            before = self._left(self.np_start(k))
            if self.tag(before) == "P":
                k = self._left(before)
                continue
            verb = next((g for g in self.groups_of if g.verb and g.last - 1 == before), None)
            return verb is not None and verb.category not in {"say", "relay"} and self.tag(before) in {"V", "G"}
        return False

    def _transitive(self, group: Group) -> bool:
        """True when some rule of the verb has its object in a role."""
        for kind, number in group.hit.entry.rules:
            roles = self.pack.frames[kind].rules[number].roles
            if any("obj" in expression for expression in roles.values()):
                return True
        return False

    # -- subjects ----------------------------------------------------------------------------------------------------

    def _begin(self, group: Group) -> int:
        """Find the subject of a finite verb to its left: note how, and where the clause begins."""
        k = self._left(group.start)
        for _ in range(40):
            if k < self.sentence.first:
                group.how = "none"
                return self.sentence.first
            tag = self.tag(k)
            if tag in {"R", "#", "NEG"} or tag == "P":
                k -= 1
            elif tag == "V" and (jump := self._over_modifier(k)) is not None:
                k = jump
            elif tag == "X" and self.words[k].text in {"(", "["}:
                group.how = "none"
                return k + 1
            elif tag == "X":
                jump = self._parenthesis(k)
                if jump is None and self.words[k].text in {",", "-", "–"} and group.start - k > 1:
                    group.how = "none"
                    return k + 1
                if jump is None and self.words[k].text in {":", ";"}:
                    group.how = "none"
                    return k + 1
                k = jump if jump is not None else k - 1
            elif tag in {"M", "N", "J", "G", "S", "D"}:
                start = self.np_start(k)
                before = self._left(start)
                if self.tag(before) == "C" and tag == "M":
                    first = self.groups.get(id(self.within[k]), [self.within[k]])[0]
                    if first is not self.within[k]:
                        start = self.np_start(first.first)
                        before = self._left(start)
                if (
                    self.tag(before) == "C"
                    and self.tag(before - 1) in {"N", "M"}
                    and self.tag(before - 1) + tag != "MM"
                ):
                    pass
                if self.tag(before) == "P":
                    k = before - 1
                    continue
                if self._dateline(k):
                    group.how = "none"
                    return k + 1
                jump = self._over_modifier(before)
                if jump is not None:
                    k = jump
                    continue
                mention = self.within.get(k)
                if mention is not None and id(mention) not in self.modifiers:
                    group.subject = self._whole(mention)
                    group.how = "mention"
                else:
                    group.how = "plain"
                    self._hosted(group, start, k)
                return start
            elif tag == "I":
                group.how = "pronoun"
                return k
            elif tag in {"REL", "THAT"}:
                group.how = "relative"
                return k
            elif tag == "C":
                group.how = "shared"
                return k
            else:
                group.how = "none"
                return group.start
        return group.start

    def _dateline(self, k: int) -> bool:
        """True for the place in capitals that opens a report: «MOSCOW (Sputnik)»."""
        mention = self.within.get(k)
        if mention is None or self.tag(mention.last) != "X" or not self.words[k].text.isupper():
            return False
        text = self.words[mention.last].text
        return text == "(" or (mention.first == self.sentence.first and text in {"-", "–", "—", ","})

    def _whole(self, mention: Mention) -> list[Mention]:
        return list(self.groups.get(id(mention), [mention]))

    def _hosted(self, group: Group, start: int, last: int) -> None:
        """Nouns that are the verb's subject hang on it: «talks will be held»."""
        for other in self.groups_of:
            if not other.verb and start <= other.first <= last:
                other.above, other.link = group, "subj"

    def _parenthesis(self, k: int) -> int | None:
        """Where to go on to the left of a phrase set off by commas or brackets that ends at word k."""
        text = self.words[k].text
        if text == ")":
            j = k - 1
            while j > self.sentence.first and self.words[j].text != "(":
                j -= 1
            return j - 1
        if text not in {",", "-", "–", "—"}:
            return None
        j = k - 1
        while j > self.sentence.first and self.words[j].text != text:
            j -= 1
        if j <= self.sentence.first:
            return None
        inside = self.tag(j + 1)
        if inside in {"REL", "D", "G", "P", "R", "SUB", "V", "J", "N", "M"} and self.tag(self._left(j)) in {
            "M",
            "N",
            "R",
            "I",
        }:
            return j - 1
        return None

    def _over_modifier(self, before: int) -> int | None:
        """Left of a clause or participle of which the noun phrase just seen is the object; None when there is none."""
        group = next((g for g in reversed(self.groups_of) if g.verb and g.last - 1 == before), None)
        if group is None or (group.category in {"say"} and group.form == "finite" and group.how != "relative"):
            return None
        if group.form in {"gerund", "participle"} and self.tag(self._left(group.start)) in {"M", "N"}:
            return self._left(group.start)
        if group.form == "infinitive":
            return self._left(group.start)
        if group.form == "finite" and group.how == "relative":
            return group.begins - 1
        return None

    def _reduce(self) -> None:
        """Prepare shared subjects: a verb after «and» has the subject of the verb before it."""
        for number, group in enumerate(self.groups_of):
            if group.how != "shared":
                continue
            for other in reversed(self.groups_of[:number]):
                if other.form == "finite":
                    group.above, group.link = other, "and"
                    break

    # -- clauses -------------------------------------------------------------------------------------------------------

    def _clauses(self) -> None:
        openers = {"THAT": "comp", "REL": "rel", "SUB": "open", "IF": "if"}
        starts: dict[int, str] = {self.sentence.first: "start"}
        for k in range(self.sentence.first, self.sentence.last):
            if (opener := openers.get(self.tag(k))) and self.tag(k - 1) != self.tag(k):
                starts[k] = opener
            elif self.words[k].text == ";":
                starts[k] = "start"
        for group in self.groups_of:
            if group.form != "finite" or group.begins <= self.sentence.first:
                continue
            k = group.begins
            before = self._left(k)
            if any(j in starts for j in (k, before)) and self.tag(k) != "C":
                continue
            if self.tag(before) == "C":
                k = before
            said = next((g for g in self.groups_of if g.verb and g.last - 1 == before and g.category == "say"), None)
            if any(o.form == "finite" and k <= o.first < group.first for o in self.groups_of) and group.how != "shared":
                k = group.start  # a relative clause lies between subject and verb
            starts.setdefault(k, "comp" if said is not None else "conj" if self.tag(k) == "C" else "start")
        ordered = sorted(starts)
        for number, first in enumerate(ordered):
            last = ordered[number + 1] if number + 1 < len(ordered) else self.sentence.last
            self.clauses.append(Clause(number, first, last, starts[first], number - 1))
            for k in range(first, last):
                self.clause_of[k] = number
        question = self.words[self.sentence.last - 1].text == "?"
        for clause in self.clauses:
            clause.question = question
        for group in self.groups_of:
            group.clause = self.clause_of[group.first]
            clause = self.clauses[group.clause]
            if group.form == "finite" and clause.verb is None:
                clause.verb = group
        for group in self.groups_of:
            if group.above is None:
                self._hang(group)
        for number, group in enumerate(self.groups_of):
            after = self.groups_of[number + 1] if number + 1 < len(self.groups_of) else None
            if group.form == "modal" and after is not None and after.start <= group.first:
                after.above, after.link = group, "must"

    # -- what hangs on what --------------------------------------------------------------------------------------------

    def _hang(self, group: Group) -> None:
        if group.form == "infinitive":
            self._hang_on(group, "to", group.start)
            self._idle(group)
        elif group.form == "gerund":
            before = self._left(group.start)
            if self.tag(before) == "P":
                self._hang_on(group, self.classes.prepositions.get(before, ""), before)
            elif self.tag(before) == "V":
                self._hang_on(group, "gerund", group.start)
        elif group.form == "finite":
            clause = self.clauses[group.clause]
            noun = self.words[clause.first - 1].hit("controlnoun") if clause.opener == "comp" and clause.first else None
            if noun is not None and self.tag(clause.first) == "THAT":
                group.cues.append(noun)  # «reports that …»
            elif clause.opener == "comp" and clause.verb is group:
                self._hang_on(group, "comp", clause.first)
        elif group.form in {"noun", "adjective"}:
            self._hang_noun(group)

    def _idle(self, group: Group) -> None:
        """An infinitive that completes a noun (efforts to defeat) says that nothing was done; it is no trigger."""
        k = self._left(group.start)
        while self.tag(k) == "R":
            k -= 1
        if self.tag(k) != "N" or any(g.first <= k < g.last for g in self.groups_of):
            return
        if (control := self.words[k].hit("controlnoun")) is not None:
            group.cues.append(control)
        start = self._left(self.np_start(k))
        if self.tag(start) in {"V", "G"} and any(
            g.last - 1 == start and g.verb and g.link != "comp" for g in self.groups_of
        ):
            return  # «asked the group to leave»
        if self.words[k].has("controlnoun"):
            return
        group.hit = Hit(
            Entry("verb", group.hit.entry.lemma, group.hit.entry.features), group.hit.reading, group.first, group.last
        )
        group.category = "verb"
        self.predicates.remove(group)

    def _hang_noun(self, group: Group) -> None:
        start = self.np_start(group.first)
        before = self._left(start)
        while self.tag(before) in {"NEG", "R"}:
            before -= 1
        tag = self.tag(before)
        if tag == "P":
            self._hang_on(group, self.classes.prepositions.get(before, ""), before)
        elif tag in {"V", "G", "A"}:
            above = next((g for g in self.groups_of if g.verb and g.first <= before < g.last), None)
            group.above, group.link = above, "obj" if above is not None else ""
        elif tag == "C":
            other = next(
                (g for g in reversed(self.groups_of) if g.last <= before and not g.verb and before - g.last < 6), None
            )
            if other is not None:
                group.above, group.link = other.above, other.link
        elif tag == "M":
            above = next(
                (g for g in self.groups_of if g.verb and g.last == self.np_start(self.within[before].first)), None
            )
            group.above, group.link = above, "obj" if above is not None else ""

    def _hang_on(self, group: Group, link: str, before: int) -> None:
        """Hang a group on the nearest predicate that wants such a complement, else on the nearest verb."""
        verb: Group | None = None
        for other in reversed([g for g in self.groups_of if g is not group and g.last <= before]):
            if before - other.last > CONTROL_REACH:
                break
            if self._takes(other, link):
                group.above, group.link = other, link
                return
            if other.verb and verb is None:
                verb = other
            if other.form == "finite":
                break
        group.above, group.link = verb, {"to": "purpose"}.get(link, link) if verb is not None else ""
        if link == "to" and verb is not None and verb.last == before:
            group.link = "to"

    def _takes(self, other: Group, link: str) -> bool:
        controls = other.category == "control" or (
            other.carrier is not None and other.carrier.entry.category == "control"
        )
        if controls and link in {"to", "gerund", "comp"}:
            return True
        if other.category == "say" and link == "comp":
            return True
        return link in other.wants

    def content_link(self, outer: Predicate, inner: Predicate) -> str:
        """How the inner predicate hangs on the outer one, over light and control verbs; empty when it does not."""
        step = inner
        for _ in range(5):
            if not isinstance(step, Group) or step.above is None:
                return ""
            if step.above is outer:
                return step.link
            above = step.above
            passing = above.category in {"light", "control", "verb"} or above.carrier is not None or step.link == "and"
            if not passing or step.link in {"subj", "purpose"}:
                return ""
            step = step.above
        return ""

    # -- cues ----------------------------------------------------------------------------------------------------------

    def cues(self, predicate: Predicate) -> list[Hit]:
        """Auxiliaries, negators and modal words that belong to a predicate; «no» before its subject or object counts."""
        if not isinstance(predicate, Group):
            return []
        found = list(predicate.cues)
        if predicate.form in {"noun", "adjective"}:
            for k in range(self.np_start(predicate.first), predicate.first):
                hit = self.words[k].hit("neg", "modal", "controlnoun") if k not in self.within else None
                if hit is not None:
                    found.append(hit)
            if predicate.form == "adjective":
                k = predicate.first - 1
                while self.tag(k) in {"R", "NEG", "A"}:
                    found += [h for h in self.words[k].hits if h.entry.category in {"neg", "aux"}]
                    k -= 1
        elif predicate.form == "finite" and self.tag(predicate.begins) == "D":
            hit = self.words[predicate.begins].hit("neg")
            if hit is not None:
                found.append(hit)
        if (
            predicate.verb
            and self.tag(predicate.last) == "D"
            and (hit := self.words[predicate.last].hit("neg")) is not None
        ):
            found.append(hit)
        return found
