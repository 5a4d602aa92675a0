"""One sentence of a language with the subject before the verb: its clauses, and what hangs on what."""

from __future__ import annotations

from kg.extraction.clauses import Clause, Predicate
from kg.extraction.shared_verbs import SharedScene
from kg.extraction.verb_groups import Group
from kg.extraction.words import Hit, Reading
from kg.language import Entry

CONTROL_REACH = 14  # words between a verb and the infinitive or gerund that it governs


class SvoScene(SharedScene):
    """A sentence with its clauses, predicates and governed mentions."""

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
            if self.tag(before) == "#" and starts.keys() & {before - 1, before - 2}:
                continue  # «in 1956 Britain …»
            if self.tag(before) == "C":
                k = before
            said = next(
                (g for g in self.groups_of if g.verb and g.last - 1 == before and (g.says or "comp" in g.wants)), None
            )
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

    def _hang(self, group: Group) -> None:
        if group.form == "infinitive":
            self._hang_on(group, "to", group.start)
            self._idle(group)
            first = group.start - 1 if group.above is None else self.sentence.first - 1
            if first in self.within and not any(g.form == "finite" and g.last <= group.start for g in self.groups_of):
                word = self.words[group.start]  # «Blinken to visit China», a headline
                group.cues.append(Hit(Entry("modal", word.norm, "planned"), Reading(), word.i, word.i + 1))
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
        while tag in {"C", "X"} and self._modifies_too(before):
            before = self._left(self.np_start(before - 1))  # «air and ground attacks»
            tag = self.tag(before)
        if self.classes.prepositions.get(before) in self.pack.marks("genitive", "inside"):
            first = self.np_start(before - 1)
            if any(self.tag(k) == "#" for k in range(first, before)) or self.words[before - 1].has("transparent"):
                before = self._left(first)  # «10 million of aid», «a series of strikes»
                tag = self.tag(before)
            elif self.tag(outer := self._left(first)) == "P" and self._circumstance(before - 1, outer):
                before = outer  # «in the wake of an attack»
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

    def _circumstance(self, k: int, outer: int) -> bool:
        """True when the noun at word k, after a preposition, only says when or where: «in the wake of»."""
        idle = not self.words[k].has("trigger", "controlnoun", "lightnoun", "saynoun") and k not in self.within
        return idle and self.classes.prepositions.get(outer) in self.pack.marks("inside")

    def _modifies_too(self, k: int) -> bool:
        """True when the noun before the conjunction or comma at word k modifies the same noun as the one after it."""
        if self.tag(k) == "X" and (self.words[k].text != "," or not self._modifies_ahead(k + 1)):
            return False
        if self.tag(k - 1) not in {"N", "J"} or any(g.first <= k - 1 < g.last for g in self.groups_of):
            return False
        return self.tag(k + 1) in {"N", "J"}

    def _modifies_ahead(self, k: int) -> bool:
        """True when one noun and a conjunction follow: «land, sea and air»."""
        return self.tag(k) in {"N", "J"} and self.tag(k + 1) == "C"

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
        if other.says and link == "comp":
            return True
        if link == "to":  # «asked to», not «sent to»
            rules = (
                self.pack.frames[kind].rules[number] for h in self._readings(other) for kind, number in h.entry.rules
            )
            return any(rule.content is not None and link in rule.content.via for rule in rules)
        return link in other.wants

    def _readings(self, group: Group) -> list[Hit]:
        return [h for h in self.words[group.first].hits if h.last == group.last]

    def content_link(self, outer: Predicate, inner: Predicate) -> str:
        """How the inner predicate hangs on the outer one, over light and control verbs; empty when it does not."""
        step = inner
        for _ in range(5):
            if not isinstance(step, Group) or step.above is None:
                return ""
            if step.form == "noun" and self.clauses[step.clause].opener == "rel" and step.above.clause != step.clause:
                return ""  # «an inquiry into who is to blame for the attack»
            if step.above is outer:
                return "obj" if step.link == "subj" and outer.passive and not step.verb else step.link
            above = step.above
            if step.form == "noun" and above.category == "verb" and step.link not in {"obj", "subj"}:
                return ""  # «respond to an attack»
            passing = (
                above.category in {"light", "control", "verb"} or above.carrier is not None or step.link == "shared"
            )
            if not passing or step.link in {"subj", "purpose"}:
                return ""
            step = step.above
        return ""

    def cues(self, predicate: Predicate) -> list[Hit]:
        """Auxiliaries, negators and modal words of a predicate; «no» before its subject or object counts."""
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
        if predicate.form == "finite" and self.words[self.clauses[predicate.clause].first].norm in self.pack.marks(
            "doubt"
        ):
            first = self.words[self.clauses[predicate.clause].first]
            found += [Hit(Entry("modal", first.norm, "possible"), Reading(), first.i, first.i + 1)]
        inverted = self.words[predicate.begins - 1] if predicate.begins > self.sentence.first + 1 else None
        if inverted is not None and predicate.form == "finite" and inverted.norm in self.pack.marks("inverted"):
            found += [Hit(Entry("modal", inverted.norm, "conditional"), Reading(), inverted.i, inverted.i + 1)]
        if predicate.form == "finite" and self.tag(predicate.begins) == "D":
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
