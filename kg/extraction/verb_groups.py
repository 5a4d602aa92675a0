"""Verb groups and their subjects in languages with the subject before the verb."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from kg.extraction.clauses import PREDICATES, RANK, Predicate
from kg.extraction.forms import form
from kg.extraction.mentions import Mention
from kg.extraction.noun_government import GovernedScene
from kg.extraction.words import Hit, Reading
from kg.language import Entry

PARTICLE_REACH = 7  # words between a verb and its particle


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
    says: bool = False  # the word is also a verb of saying


class GroupedScene(GovernedScene):
    """A sentence with its verb groups: auxiliaries, voice, and the subject to the left."""

    groups_of: list[Group]

    def _group(self, k: int) -> Group | None:
        tag = self.tag(k)
        if tag not in {"A", "V", "G"} and not self.words[k].has(*PREDICATES):
            return None
        hits = [h for h in self.words[k].hits if h.entry.category in RANK and h.last <= self.sentence.last]
        hits = [h for h in hits if self._free(h)]
        if tag == "A":
            modal = next((h for h in hits if "participle" in h.entry.features.split() and not form(h)), None)
            if modal is not None:
                return Group(modal, "trigger", False, k, modal.last, 0, self._wants(modal), form="modal", start=k)
            return self._copula(k)
        stated = self._stated(k)
        if stated is not None and self._be(k - 1):
            return Group(stated, "trigger", False, k, stated.last, 0, self._wants(stated), form="adjective", start=k)
        if tag in {"V", "G"}:
            verbs = [h for h in hits if form(h)]
            if not verbs:
                verbs = [
                    Hit(Entry("verb", self.words[k].norm, "gerund" if tag == "G" else "past"), Reading(), k, k + 1)
                ]
            hit = min(verbs, key=lambda h: (-(h.last - h.first), RANK.get(h.entry.category, 9)))
            forms = {form(h) for h in verbs} | ({"participle"} if tag == "V" and len(verbs) < 2 and not hits else set())
            return self._verb(k, self._apart(hit) or hit, forms)
        nouns = [h for h in hits if {"noun", "participle", "phrase"} & set(h.entry.features.split())]
        if not nouns or (tag == "R" and not any(h.last - k > 1 for h in nouns)):
            return None
        hit = min(nouns, key=lambda h: (-(h.last - h.first), RANK.get(h.entry.category, 9)))
        kind = "adjective" if {"participle", "phrase"} & set(hit.entry.features.split()) else "noun"
        same = [h for h in hits if h.last == hit.last]
        wants = frozenset().union(*(self._wants(h) for h in same))
        return Group(hit, hit.entry.category, False, k, hit.last, 0, wants, form=kind, start=k)

    def _stated(self, k: int) -> Hit | None:
        """«Is prepared to leave»: a participle that is as good as an adjective."""
        hits = (h for h in self.words[k].hits if h.entry.category == "trigger" and not form(h))
        found = next((h for h in hits if "participle" in h.entry.features.split()), None)
        return found if found is not None and self.tag(k) == "V" and self.tag(found.last) == "T" else None

    def _be(self, k: int) -> bool:
        while self.tag(k) in {"R", "NEG"}:
            k -= 1
        aux = self.words[k].hit("aux") if self.tag(k) == "A" else None
        return aux is not None and aux.entry.features == "be"

    def _apart(self, hit: Hit) -> Hit | None:
        """The verb with a particle that stands after its object: «hand him over»."""
        k = hit.last
        for _, particle in self._particles(hit.first) if hit.last - hit.first == 1 else ():
            for j in range(k + 1, min(k + PARTICLE_REACH, self.sentence.last)):
                if self.words[j].norm == particle and self.tag(j - 1) in {"M", "N", "I"} and not self._of_time(j):
                    self.classes.tags[j] = "R"
                    self.classes.prepositions.pop(j, None)
                    all_of_it = [e for e, other in self._particles(hit.first) if other == particle]
                    found = [Hit(e, hit.reading, hit.first, hit.last) for e in all_of_it]
                    self.words[hit.first].hits[:0] = found
                    return found[0]
                if self.tag(j) not in {"M", "N", "I", "D", "J", "O", "S", "#"}:
                    break
        return None

    def _of_time(self, k: int) -> bool:
        """«Called the king on Saturday»: the preposition at word k has its own noun, a time."""
        after = self.words[k + 1] if k + 1 < self.sentence.last else None
        return after is not None and (after.has("time") or after.kind == "number") and self.tag(k) == "P"

    def _particles(self, k: int) -> Iterator[tuple[Entry, str]]:
        """Verbs of two words that begin with word k, with their second."""
        for parts, entry in self.pack.tables.phrases.get(self.words[k].norm, ()):
            if len(parts) == 2 and entry.category == "trigger" and "verb" in entry.features.split():
                yield entry, parts[1]

    def _copula(self, k: int) -> Group | None:
        """An auxiliary that no verb follows: «is a member»."""
        j = k + 1
        while self.tag(j) in {"A", "R", "NEG", "T"}:
            j += 1
        if (self.tag(j) in {"V", "G"} and self._stated(j) is None) or self.tag(k - 1) == "A":
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
            negator = self.words[j].hit("neg")
            for cue in self.words[j].hits:
                if (cue.entry.category in {"aux", "modal"} or cue is negator) and cue not in cues:
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
        while to and self.tag(j - 1) == "NEG":
            j -= 1  # «asked him not to come»
            cues += [h for h in self.words[j].hits if h.entry.category == "neg"]
        kind = "infinitive" if to else "finite"
        if self.tag(k) == "G" and not auxiliaries:
            kind = "gerund"
        same = [h for h in self.words[k].hits if h.last == hit.last]
        wants = frozenset().union(*(self._wants(h) for h in same))
        made = Group(hit, hit.entry.category, True, k, hit.last, 0, wants, form=kind, start=j, cues=cues)
        for j in range(k + 1, hit.last):
            self.classes.tags[j] = "V"  # a particle belongs to its verb
            self.classes.prepositions.pop(j, None)
        made.says = any(h.entry.category in {"say", "relay"} and form(h) for h in same)
        carriers = [h for h in same if h.entry.category in {"light", "control"} and form(h)]
        if self.tag(hit.last) == "T":
            carriers.sort(key=lambda h: h.entry.category == "light")  # «seeking to», not «seeking talks»
        made.carrier = next(iter(carriers), None)
        made.passive = be and bool(forms & {"participle", "past"}) and "gerund" not in forms
        bare = kind == "finite" and not auxiliaries and "participle" in forms <= {"past", "participle"}
        if bare and self._reduced(made):
            made.form, made.passive = "participle", True
        return made

    def _reduced(self, group: Group) -> bool:
        """A participle without auxiliary that modifies the noun before it: «a man held by police»."""
        after = self.classes.prepositions.get(group.last, "") if self.tag(group.last) == "P" else ""
        before = self.tag(self._left(group.start))
        if before == "" and group.start == self.sentence.first:
            return after != "" and self._transitive(group)  # «Accused by Mali of …, Niger has …»
        if before not in {"N", "M", "X"}:
            return False
        if after in self.pack.marks("agent"):
            return True
        if group.says or before == "X":
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
            return verb is not None and not verb.says and self.tag(before) in {"V", "G"}
        return False

    def _transitive(self, group: Group) -> bool:
        """True when some rule of the verb has its object in a role."""
        for kind, number in group.hit.entry.rules:
            roles = self.pack.frames[kind].rules[number].roles
            if any("obj" in expression for expression in roles.values()):
                return True
        return False

    def _begin(self, group: Group) -> int:
        """Find the subject of a finite verb to its left: note how, and where the clause begins."""
        k, named = self._left(group.start), None
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
                named = named or self._enclosed(jump, k)
                k = jump if jump is not None else k - 1
            elif tag in {"M", "N", "J", "G", "S", "D"}:
                start = self.np_start(k)
                before = self._left(start)
                if self.tag(before) == "C" and tag == "M":
                    first = self.groups.get(id(self.within[k]), [self.within[k]])[0]
                    if first is not self.within[k]:
                        start = self.np_start(first.first)
                        before = self._left(start)
                if self.tag(before) == "P":
                    k = before - 1
                    continue
                if (jump := self._over_agents(before)) is not None:
                    k = jump
                    continue
                if self._dateline(k):
                    group.how = "none"
                    return k + 1
                jump = self._over_modifier(before)
                if jump is not None:
                    k = jump
                    continue
                mention = self.within.get(k)
                comma = self.words[before].text == "," and self.words[k + 1].text == ","
                if mention is None and comma and self.tag(before - 1) == "M":
                    k = before - 1  # «Navalny, a lawyer, who had …, accused»
                    continue
                if mention is None and (several := self._and_others(start, k)):
                    group.subject, group.how = several, "mention"
                    return self.np_start(several[0].first)
                if mention is not None and id(mention) not in self.modifiers:
                    group.subject = self._whole(mention)
                    group.how = "mention"
                elif named is not None:
                    group.subject, group.how = [named], "mention"
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

    def _over_agents(self, k: int) -> int | None:
        """«Troops backed by militias and air strikes have …»: left of the participle whose agents word k joins."""
        if self.tag(k) != "C" or self.tag(k - 1) not in {"N", "M"}:
            return None
        before = self._left(self.np_start(k - 1))
        agents = self.classes.prepositions.get(before, "") in self.pack.marks("agent")
        participle = next((g for g in self.groups_of if g.form == "participle" and g.last == before), None)
        return self._left(participle.start) if agents and participle is not None else None

    def _dateline(self, k: int) -> bool:
        """True for the place in capitals that opens a report: «MOSCOW (Sputnik)»."""
        mention = self.within.get(k)
        place = mention is not None and mention.cls in {"Place", "State"} and self.tag(mention.last) == "X"
        if mention is None or not place or not self.words[k].text.isupper():
            return False
        text = self.words[mention.last].text
        return text == "(" or (mention.first == self.sentence.first and text in {"-", "–", "—", ","})

    def _whole(self, mention: Mention) -> list[Mention]:
        return list(self.groups.get(id(mention), [mention]))

    def _hosted(self, group: Group, start: int, last: int) -> None:
        """Nouns that are the verb's subject hang on it: «talks will be held», «strikes and shelling hit»."""
        before = self._left(start)
        while self.tag(before) == "C" and self.tag(before - 1) == "N":
            start = self.np_start(before - 1)
            before = self._left(start)
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
        if inside in {"REL", "D", "G", "P", "R", "SUB", "V", "J", "N", "M", "#"} and self.tag(self._left(j)) in {
            "M",
            "N",
            "R",
            "I",
        }:
            return j - 1
        return None

    def _enclosed(self, outside: int | None, comma: int) -> Mention | None:
        """«Their founder, Yevgeny Prigozhin, has …»: the name between the commas when no name stands before it."""
        mention = self.within.get(comma - 1)
        if outside is None or mention is None or mention.first != outside + 2 or mention.adjective:
            return None
        return mention if mention.cls in {"Person", "Organization"} and id(mention) not in self.modifiers else None

    def _over_modifier(self, before: int) -> int | None:
        """Left of a clause or participle of which the noun phrase just seen is the object; None when there is none."""
        group = next((g for g in reversed(self.groups_of) if g.verb and g.last - 1 == before), None)
        if group is None or (group.says and group.form == "finite" and group.how != "relative"):
            return None
        if group.form in {"gerund", "participle"} and self.tag(self._left(group.start)) in {"M", "N"}:
            return self._left(group.start)
        if group.form == "infinitive":
            return self._left(group.start)
        if group.form == "finite" and group.how == "relative":
            return group.begins - 1
        return None
