"""Subjects and objects in languages with the subject before the verb. In a passive they change places."""

from __future__ import annotations

from dataclasses import replace

from kg.extraction.clauses import Predicate
from kg.extraction.mentions import Mention
from kg.extraction.slots import Slots
from kg.extraction.stance import Speech
from kg.extraction.subject_first import SvoScene
from kg.extraction.verb_groups import Group


class Subjects(Slots):
    """Who does and who suffers what a verb says; whom a pronoun points to."""

    scene: SvoScene
    speaker: list[Mention]  # whose words «I» is in
    spoken: list[Speech]
    copulas: frozenset[str]
    causatives: frozenset[str]

    def tag(self, k: int) -> str:
        """The class of word k."""
        return self.scene.classes.tags.get(k, "")

    def pronoun(self, k: int, *, own: list[Mention]) -> list[Mention]:
        """Whom the pronoun at word k points to; `own`: who it cannot be."""
        hit = self.words[k].hit("pronoun")
        if hit is None:
            return []
        kind = hit.entry.features.split()[0]
        if kind.startswith("speaker") and not self.speaker:
            self.speaker = self._quoted()
        if kind == "speaker":
            return self.speaker[:1]
        if kind == "speakers":
            return self._we()
        earlier = [g.subject for g in self.scene.groups_of if g.subject and g.last <= k and g.subject[0].last <= k]
        candidates = [*reversed(earlier)]
        if kind == "many" and "own" in hit.entry.features:
            near = [
                m
                for m in self.scene.mentions
                if m.last <= k and (m.collective or m.plural) and id(m) not in self.scene.modifiers
            ]
            if near:
                return near[-1:]
        for subject in candidates:
            if self._agrees(kind, subject) and not any(m in own for m in subject):
                return subject
        if kind == "person":
            near = [m for m in self.scene.mentions if m.last <= k and m.cls == "Person" and m not in own]
            if near:
                return near[-1:]
        for mention in self.topic:
            if self._agrees(kind, [mention]) and mention.entity not in {m.entity for m in own}:
                return [mention]
        if "own" in hit.entry.features and (beside := self._beside(k, kind, own)):
            return beside
        if kind == "many" and (both := self._two_before(k)):
            return both
        if kind == "many" and candidates and [m.cls for m in candidates[0]] == ["Organization"]:
            return candidates[0]  # «the army moved its guns», «the army moved their guns»
        homes = [
            m.of
            for m in next((c for c in candidates if c[0] not in own), [])[:1]
            if m.cls == "Person" and m.of and m.of.cls == "State"
        ]
        if kind == "thing" and homes:
            return homes[:1]  # «Ecuador's president asked the US to help it»
        named = [m for m in self.scene.mentions if m.last <= k and id(m) not in self.scene.modifiers and m not in own]
        if kind == "many" and "object" in hit.entry.features:
            return [m for m in named if m.cls == "Organization"][-1:]
        if kind == "many" and not named:  # the participants of the last meeting
            word = self.words[k]
            return [Mention(k, k + 1, word.start, word.end, "pair", "pair", hit.reading, group="any", plural=True)]
        return []

    def _beside(self, k: int, kind: str, own: list[Mention]) -> list[Mention]:
        """«Russia and its ally»: the mention before; «alongside its ally, Russia has …»: the subject that follows."""
        near = [m for m in self.scene.mentions if m.last <= k and id(m) not in self.scene.modifiers and m not in own]
        if near and self._agrees(kind, near[-1:]):
            return near[-1:]
        later = next((g.subject for g in self.scene.groups_of if g.subject and g.subject[0].first > k), [])
        return later if later and not near and self._agrees(kind, later) else []

    def leading(self, predicate: Predicate) -> list[Mention]:
        """«On a visit to Iraq, he said …»: the subject of the sentence that a phrase of circumstance opens."""
        first = next((g for g in self.scene.groups_of if g.form == "finite"), None)
        if first is None or not isinstance(predicate, Group) or first.start < predicate.first:
            return []
        opens = predicate.start if predicate.verb else self.scene.np_start(predicate.first) - 1
        if not predicate.verb and self.tag(opens) != "P":
            return []
        apart = any(self.words[j].text == "," for j in range(predicate.last, first.begins))
        before = range(self.scene.sentence.first, opens)
        return first.subject if apart and all(self.tag(j) in {"C", "R", "Q", "SUB", "P"} for j in before) else []

    def _two_before(self, k: int) -> list[Mention]:
        """«X asked Y during their meeting»: the only two of a kind that the sentence has named."""
        near = [m for m in self.scene.mentions if m.last <= k and not m.prep and id(m) not in self.scene.modifiers]
        people = [m for m in near if m.cls == "Person" and not m.adjective]
        states = [m for m in near if m.cls == "State" and not m.adjective]
        company = self.scene.pack.marks("company", "goal")
        met = [m for m in self.scene.mentions if m.last <= k and m.cls == "Person" and m.prep in {"", *company}]
        if len(people) == 1 and len(met) == 2:
            return met  # «X spoke to Y and they agreed»
        return people if len(people) == 2 else states if len(states) == 2 and not people else []

    @staticmethod
    def _agrees(kind: str, subject: list[Mention]) -> bool:
        classes = {m.cls for m in subject}
        if kind == "person":
            return len(subject) == 1 and classes == {"Person"}
        if kind == "thing":
            seat = any(s.kind == "capital" for s in subject[0].senses)
            return (
                len(subject) == 1 and (bool(classes & {"State", "Organization"}) or seat) and not subject[0].collective
            )
        return len(subject) > 1 or any(m.collective or m.plural or m.cls == "Organization" for m in subject)

    def _quoted(self) -> list[Mention]:
        """Who speaks the words in quotation marks, or after a colon, of this sentence."""
        words = range(self.scene.sentence.first, self.scene.sentence.last)
        if not any(self.tag(k) == "Q" or self.words[k].text == ":" for k in words):
            return []
        for group in self.scene.groups_of:
            if group.says and group.form == "finite":
                found = (
                    group.subject if group.how == "mention" else self._after_verb(group) if group.how == "none" else []
                )
                if found:
                    return found
        return []

    def _we(self) -> list[Mention]:
        """«We» of an official are the state or organization that he speaks for."""
        for mention in self.speaker[:1]:
            if mention.of is not None or mention.cls != "Person":
                return [mention.of or mention]
            return [replace(mention, kind="we", plural=True)]
        return []

    def _finite_subject(self, group: Group) -> list[Mention]:
        if group.how == "mention":
            return self._owners(group.subject) or group.subject
        if group.how == "pronoun":
            return self.pronoun(group.begins, own=[])
        if group.how == "relative":
            return self._ends_at(group.begins - 1)
        if group.how == "shared" and group.above is not None:
            return group.above.subject
        if group.how == "none":
            return self._after_verb(group)
        if group.how == "plain" and group.says and (issuer := self._issuer(group)):
            return issuer
        if (
            group.how == "plain"
            and self.tag(group.begins) == "O"
            and self.words[self.scene._left(group.start)].has("head")
        ):
            return self.pronoun(group.begins, own=[])  # «its forces have attacked»
        return []

    def _issuer(self, group: Group) -> list[Mention]:
        """«A statement from the coalition said», «the ministry's statement said»: whose words they are."""
        noun = next((k for k in range(group.begins, group.start) if self.words[k].has("saynoun")), None)
        if noun is None:
            return []
        after = self.scene.within.get(group.start - 1)
        if after is not None and after.prep in self.scene.pack.marks("source", "agent", "genitive"):
            return [after]
        before = self.scene.within.get(noun - 1) or self.scene.within.get(noun - 2)
        return [before] if before is not None and id(before) in self.scene.modifiers and not before.adjective else []

    def _owners(self, subject: list[Mention]) -> list[Mention]:
        """«Its warplanes bombed …», «whose warplanes bombed …»: whose they are acts with them."""
        start = self.scene.np_start(subject[0].first)
        if len(subject) > 1 or subject[0].kind != "bare" or subject[0].cls != "Organization":
            return []
        owned, relative = self.tag(start) == "O", self.tag(start - 1) == "REL" and self.tag(start) == "M"
        owners = self.pronoun(start, own=subject) if owned else self._ends_at(start - 2) if relative else []
        return owners if owners and owners[0].cls in {"State", "Organization"} else []

    def _ends_at(self, k: int) -> list[Mention]:
        """The mention that ends at word k, commas and prepositions left out."""
        while k >= self.scene.sentence.first and self.tag(k) in {"X", "Q", "P"}:
            k -= 1
        mention = self.scene.within.get(k)
        if mention is None or id(mention) in self.scene.modifiers:
            return []
        return list(self.scene.groups.get(id(mention), [mention]))

    def _apposed(self, k: int) -> list[Mention]:
        """«Gulen, a cleric living in …»: who the noun at word k, set off by a comma, says something of."""
        if self.tag(k) != "N":
            return []
        comma = self.scene._left(self.scene.np_start(k))
        if self.tag(comma) != "X" or self.words[comma].text != "," or self.tag(comma - 1) != "M":
            return []
        return self._ends_at(comma - 1)

    def _after_verb(self, group: Group) -> list[Mention]:
        """«…», said Lavrov: the subject of a verb of saying may follow it."""
        if not group.says:
            return []
        k = group.last
        while self.tag(k) in {"D", "J", "Q"}:
            k += 1
        mention = self.scene.within.get(k)
        if mention is None or mention.first != k or id(mention) in self.scene.modifiers:
            return []
        after = self.tag(mention.last)
        return [mention] if after not in {"V", "A"} else []

    def _other_subject(self, group: Group) -> list[Mention]:
        """The subject of an infinitive, gerund or participle: the object or the subject of what governs it."""
        before = self.scene._left(group.start)
        if group.form == "participle":
            return self._ends_at(before) or self._apposed(before) or self.leading(group)
        if group.form == "gerund" and group.above is None and (author := self._author(group, before)):
            return author
        if group.form == "gerund" and self.tag(before) == "M" and group.above is None:
            nearest = self._ends_at(before)
            if not any(m.prep for m in nearest) or all(m.collective or m.plural for m in nearest):
                return nearest  # «talks with partners backing the deal»
        if group.form == "gerund" and group.above is None and (named := self._apposed(before)):
            return named
        if group.form == "gerund" and self.tag(before) == "N" and group.above is None:
            return []  # «a statement criticising Israel»
        maker = self._maker(group)
        if maker:
            return maker
        above = group.above
        if above is None:
            main = next(
                (g for g in reversed(self.scene.groups_of) if g.form == "finite" and g.last <= group.start), None
            )
            if main is None and group.form == "infinitive":
                return self._ends_at(before)  # «Blinken to visit China»
            if main is None:
                return self.leading(group)
            return main.subject if not main.passive else []
        objects = [m for m in self.object(above) if m.first < group.start] if above.verb and not above.passive else []
        if objects and (group.link != "purpose" or above.hit.entry.lemma in self.causatives):
            return objects
        if not objects and group.link == "to" and self._asks_another(above, group.start):
            return []  # «urged allies to leave»: allies, whoever they are
        governed = group.form == "gerund" and group.link in above.wants
        if governed and above.verb and self.tag(above.last) in {"D", "O", "J", "N", "#"}:
            return []  # «accused the law of attacking»: the object does it
        if above.verb:
            return above.subject
        return self.possessor(above) or self.light(above)

    def _author(self, group: Group, k: int) -> list[Mention]:
        """«Adopted a resolution demanding …», «issued a statement criticising …»: who speaks in the document."""
        mention = self.scene.within.get(k)
        if not (mention.cls == "Agreement" if mention is not None else self.words[k].has("saynoun")):
            return []
        main = next((g for g in reversed(self.scene.groups_of) if g.form == "finite" and g.last <= k), None)
        near = main is not None and all(self.tag(j) in {"D", "J", "N", "M", "#"} for j in range(main.last, k))
        if main is None or not near or main.passive or self._opposes(main):
            return []
        return main.subject

    def _opposes(self, group: Group) -> bool:
        """True for verbs whose object is somebody else's deed or word: block, condemn."""
        return any(kind in {"reject", "accuse"} for h in self.scene._readings(group) for kind, _ in h.entry.rules)

    def subject(self, predicate: Predicate) -> list[Mention]:
        if predicate.passive:
            return self.agent_phrase(predicate) or self._agent_of_adjunct(predicate)
        if predicate.verb:
            return predicate.subject
        if isinstance(predicate, Group) and predicate.form == "modal":
            return next((g.subject for g in self.scene.groups_of if g.above is predicate), [])
        return self.copula_subject(predicate) or self.light(predicate)

    def _asks_another(self, above: Group, end: int) -> bool:
        """True when what governs the act has an object that no mention names, and that object is to act."""
        rules = (self.scene.pack.frames[kind].rules[number] for kind, number in above.hit.entry.rules)
        asks = any(rule.content is not None and rule.content.control == "recipient" for rule in rules)
        return asks and not above.passive and any(self.tag(k) == "N" for k in range(above.last, end))

    def _maker(self, group: Group) -> list[Mention]:
        """«The decision by Iran to leave»: Iran."""
        decided = self.scene._left(group.start)
        if group.form == "infinitive" and self.tag(decided) == "N" and self.words[decided].has("controlnoun"):
            marks = (k for k in range(decided, self.scene.np_start(decided), -1) if self.tag(k) == "S")
            return [m for k in marks if (m := self.scene.within.get(k - 1))][:1]  # «Iran's decision to leave»
        mention = self.scene.within.get(decided) if group.form == "infinitive" else None
        if mention is None or mention.prep not in self.scene.pack.marks("agent", "genitive", "benefit"):
            return []
        if mention.prep in self.scene.pack.marks("benefit"):
            return self.scene.group(mention)  # «the need for Iran to leave»
        k = self.scene._left(self.scene.np_start(mention.first)) - 1
        return [mention] if self.tag(k) == "N" and self.words[k].has("controlnoun", "trigger") else []

    def agent_phrase(self, predicate: Predicate) -> list[Mention]:
        """The by-phrase of a passive or a noun."""
        return next(
            (found for name in sorted(self.scene.pack.marks("agent")) if (found := self.preposition(name, predicate))),
            [],
        )

    def _agent_of_adjunct(self, predicate: Predicate) -> list[Mention]:
        """«Killed in an air strike by Turkey», «in a Turkish air strike»: who did it stands with the noun."""
        for group in self.scene.groups_of:
            if (
                group.above is predicate
                and not group.verb
                and group.link in self.scene.pack.marks("inside", "agent", "span", "company")
            ):
                return self.agent_phrase(group) or [
                    m for m in self.adjective(group) if m.cls in {"State", "Organization"}
                ]
        return []

    def object(self, predicate: Predicate) -> list[Mention]:
        if predicate.passive:
            return predicate.subject
        if not predicate.verb:
            return []
        k = predicate.last
        while self.tag(k) in {"R", "Q", "NEG"}:
            k += 1
        k = self._past_transparent(k) if self.tag(k) == "P" else k  # «control much of the country»
        if self.tag(k) == "I":
            return self._same_object(predicate, k) or self.pronoun(k, own=predicate.subject)
        if isinstance(predicate, Group) and predicate.how == "relative" and self.tag(k) in {"X", "P", "R", ""}:
            return []
        mention = self._head_at(k) or self._head_at(self._past_transparent(k))
        if mention is not None and mention.adjective and self.tag(mention.first - 1) == "D" and not mention.plural:
            return []  # «killed an Iraqi»
        if mention is not None:
            return [m for m in self.scene.group(mention) if m not in predicate.subject]
        if not isinstance(predicate, Group) or predicate.how not in {"pronoun", "mention"}:
            return []
        before = self.scene._left(self.scene.np_start(predicate.begins))
        if self.tag(before) == "REL" and self.tag(k) in {"P", "X", "R", "T"}:
            return self._ends_at(before - 1)  # «Putin, whom it accuses of …»
        if predicate.how == "pronoun" and self.tag(predicate.begins - 1) == "M" and self.tag(k) == "P":
            return [m for m in self._ends_at(before) if m.cls != "Agreement"]  # «officials it accuses of …»
        return []

    def _same_object(self, predicate: Predicate, k: int) -> list[Mention]:
        """«Blamed Iran for the raid and accused it of …»: the object of the verb with which it shares the subject."""
        hit = self.words[k].hit("pronoun")
        if hit is None or not isinstance(predicate, Group) or predicate.how != "shared" or predicate.above is None:
            return []
        objects = self.object(predicate.above)
        return objects if objects and self._agrees(hit.entry.features.split()[0], objects) else []

    def _past_transparent(self, k: int) -> int:
        """Where the noun begins that a transparent one governs: «the countryside of Aleppo»."""
        if self.scene.classes.prepositions.get(k) in self.scene.pack.marks("genitive"):
            return k + self.words[k - 1].has("transparent")
        while self.tag(k) in {"D", "J"}:
            k += 1
        genitive = self.scene.classes.prepositions.get(k + 1) in self.scene.pack.marks("genitive")
        return k + 2 if genitive and k < self.scene.sentence.last and self.words[k].has("transparent") else k

    def _head_at(self, k: int) -> Mention | None:
        """The mention that heads the noun phrase that begins at word k."""
        start = k
        while k < self.scene.sentence.last and k - start < 10 and not self.words[k].has("question"):
            mention = self.scene.within.get(k)
            if mention is not None:
                if id(mention) not in self.scene.modifiers:
                    return mention
                k = mention.last
                continue
            joins = self.tag(k) == "C" and (beside := self.scene.within.get(k - 1)) is not None and beside.adjective
            if self.tag(k) not in {"D", "O", "J", "N", "#", "S", "Q"} and self.words[k].text != "-" and not joins:
                return None
            k += 1  # «trains Iraqi and Kurdish forces»
        return None

    def copula_subject(self, predicate: Predicate) -> list[Mention]:
        """«X is a member»: the subject of the verb that the noun completes; «X, a member»: the noun before."""
        if isinstance(predicate, Group) and predicate.above is not None and predicate.link == "obj":
            entry = predicate.above.hit.entry
            copula = self.tag(predicate.above.first) == "A" and entry.category == "verb"
            if (copula and predicate.above.last - predicate.above.first < 3) or entry.lemma in self.copulas:
                return predicate.above.subject
        if isinstance(predicate, Group) and predicate.form == "adjective":
            before = self.scene._left(predicate.first)
            while self.tag(before) in {"R", "NEG"}:
                before -= 1
            if self.tag(before) == "A":
                group = next((g for g in self.scene.groups_of if g.first <= before < g.last), None)
                return group.subject if group is not None else self._ends_at(before - 1)
        return []
