"""Who stands behind a deed or a thing that is itself subject or object, and what a place lies in."""

from __future__ import annotations

from kg.extraction.clauses import Predicate
from kg.extraction.mentions import Mention
from kg.extraction.subject_first_subjects import Subjects
from kg.extraction.verb_groups import Group

PHRASE = 12  # words of a noun phrase in which its modifiers stand


class DeedSlots(Subjects):
    """Adjectives and owners of nouns, and the makers of deeds."""

    def adjective(self, predicate: Predicate) -> list[Mention]:
        """Mentions that modify the noun from the left: Russian air strikes, UN summit."""
        found: list[Mention] = []
        k = predicate.first - 1
        while k >= self.scene.sentence.first and predicate.first - k < 9:
            mention = self.scene.within.get(k)
            if mention is not None:
                if id(mention) not in self.scene.modifiers or self.tag(mention.last) == "S":
                    break
                found.append(mention)
                k = mention.first - 1
            elif (
                self.tag(k) in {"N", "J", "#", "Q"}
                or self.words[k].text in {"-", "–"}
                or (self.tag(k) == "C" and found)
            ):
                k -= 1
            else:
                break
        return found[::-1]

    def indirect(self, predicate: Predicate) -> list[Mention]:
        """The receiver right after the verb: «promised Moldova radars»."""
        if predicate.passive:
            return [m for m in predicate.subject if m.kind not in {"head", "bare"} or m.inner or m.cls == "Person"]
        k = predicate.last
        if self.tag(k) == "I":
            return self.pronoun(k, own=predicate.subject)
        while self.tag(k) == "D":
            k += 1
        mention = self.scene.within.get(k)
        if mention is None or mention.first != k or mention.adjective or self.tag(mention.last) in {"S", "X", ""}:
            return []  # «sent fighter jets.»
        return self.scene.group(mention) if id(mention) not in self.scene.modifiers else [mention]

    def possessor(self, predicate: Predicate) -> list[Mention]:
        """Erdogan's call, his visit."""
        start = self.scene.np_start(predicate.first)
        for k in range(predicate.first - 1, start - 1, -1):
            if self.tag(k) == "S":
                mention = self.scene.within.get(k - 1)
                return [mention] if mention is not None else []
            if self.tag(k) == "O":
                return self.pronoun(k, own=self._opponent(predicate))
        return []

    def _opponent(self, predicate: Predicate) -> list[Mention]:
        """«Vetoed its entry»: who rejects or condemns a deed, which is somebody else's."""
        above = predicate.above if isinstance(predicate, Group) and predicate.link == "obj" else None
        return above.subject if above is not None and self._opposes(above) else []

    def _plain_object(self, predicate: Predicate) -> int | None:
        """Last word of an object that is no mention itself: «welcomed the UN's report»."""
        if not predicate.verb or self.object(predicate):
            return None
        if predicate.passive and not (isinstance(predicate, Group) and predicate.how == "plain"):
            return None
        k = self._object_start(predicate)
        last = None
        while self.tag(k) in {"D", "O", "J", "N", "#", "S", "Q", "M", "G"} and k < self.scene.sentence.last:
            if self.tag(k) in {"N", "M"}:
                last = k
            k += 1
        return last

    @staticmethod
    def _object_start(predicate: Predicate) -> int:
        """First word of an object that is no mention itself: after the verb, or where a passive clause begins."""
        return predicate.begins if isinstance(predicate, Group) and predicate.passive else predicate.last

    def maker(self, predicate: Predicate) -> list[Mention]:
        """«Strikes by Turkey killed», «rockets fired by Hamas hit», «Russian shelling hit»: whose deed it was."""
        if not predicate.verb or predicate.passive:
            return []
        shared = isinstance(predicate, Group) and predicate.how == "shared" and predicate.link == "shared"
        verb = predicate.above if isinstance(predicate, Group) and shared else predicate
        for group in self.scene.groups_of:
            if group.above is not verb or group.link != "subj" or group.verb:
                continue
            found = self._own_maker(group)
            if found:
                return found
        return self._fired_by(predicate)

    def _own_maker(self, deed: Group) -> list[Mention]:
        found = self.agent_phrase(deed) or self.possessor(deed) or self.adjective(deed)
        return [m for m in found if m.cls != "Place"]

    def agent_phrase(self, predicate: Predicate) -> list[Mention]:
        return super().agent_phrase(predicate) or self._wielder(predicate)

    def _wielder(self, predicate: Predicate) -> list[Mention]:
        """«Killed by Russian cluster munitions»: Russia."""
        k = predicate.last
        if not predicate.passive or self.scene.classes.prepositions.get(k) not in self.scene.pack.marks("agent"):
            return []
        end = k + 1
        while self.tag(end) in {"D", "J", "N", "#", "M"}:
            end += 1
        return self.nations(k + 1, end) if self.tag(end - 1) == "N" else []

    def carried_out(self, predicate: Predicate) -> list[Mention]:
        """Who carries out the deed that a noun names: who investigates or survives an attack has not made it."""
        if not isinstance(predicate, Group) or predicate.above is None:
            return []
        above = predicate.above
        if above.category == "verb" and above.carrier is None and predicate.link == "obj":
            return []
        return self.slot("light", predicate)

    def _fired_by(self, predicate: Predicate) -> list[Mention]:
        """The agent of a participle between a subject and its verb."""
        for group in self.scene.groups_of:
            if group.form == "participle" and group.last <= predicate.first and predicate.first - group.last < PHRASE:
                between = [g for g in self.scene.groups_of if g.verb and group.last <= g.first < predicate.first]
                found = self.agent_phrase(group)
                if found and not between and found[-1].last <= predicate.first:
                    return found
        return []

    def object_nation(self, predicate: Predicate) -> list[Mention]:
        """«Shot down a Russian jet»: the state whose thing it is."""
        if not predicate.verb:
            return []
        if predicate.passive:
            last = self.scene._left(predicate.start) if isinstance(predicate, Group) else predicate.first - 1
            return self.nations(self.scene.np_start(last), last + 1) if self.tag(last) == "N" else []
        last_word = self._plain_object(predicate)
        return self.nations(self._object_start(predicate), last_word + 1) if last_word is not None else []

    def object_holder(self, predicate: Predicate) -> list[Mention]:
        """«Bombed positions held by rebels», «a refinery run by Islamic State»: whose the object is."""
        last = self._plain_object(predicate)
        if last is None:
            return []
        for group in self.scene.groups_of:
            if group.verb and group.passive and last < group.first <= last + 2 and group.form != "infinitive":
                return self.agent_phrase(group)
        return []

    def nations(self, first: int, last: int) -> list[Mention]:
        """The states whose adjectives stand among words `[first, last)`."""
        inside = dict.fromkeys(self.scene.within[k] for k in range(first, last) if self.tag(k) == "M")
        found = [m for m in inside if m.adjective and m.cls == "State" and id(m) in self.scene.modifiers]
        return [m for m in found if self.tag(m.last) != "X"][:1]  # «Iranian-backed rebels» are not Iran

    def directly_in(self, predicate: Predicate) -> list[Mention]:
        """«Homs, Syria», «Homs in central Syria»: what the place is said to lie in."""
        k = predicate.last
        if self.words[k].text == "," if k < self.scene.sentence.last else False:
            k += 1
            start = k
            while self.tag(start) == "P":
                start += 1
            if self.scene.classes.prepositions.get(start - 1) in self.scene.pack.marks("inside"):
                inside = self._head_at(start) or self._head_at(self._past_transparent(start))
                return [inside] if inside is not None and self.tag(inside.last) in {"X", ""} else []
            while self.tag(k) == "J":
                k += 1
            mention = self.scene.within.get(k)
            after = self.tag(mention.last) if mention is not None else ""
            good = mention is not None and mention.first == k and after in {"X", ""} and not mention.adjective
            good = good and (mention is None or mention.cls == "State" or not self._in_list(mention))
            return [mention] if good and mention is not None else []
        if (
            self.scene.classes.prepositions.get(k) in self.scene.pack.marks("inside")
            and self.self_mention is not None
            and (self.self_mention.prep != "" or all(s.kind != "capital" for s in self.self_mention.senses))
        ):
            mention = self._head_at(k + 1)
            return [mention] if mention is not None else []
        return []

    def nation_of_place(self, predicate: Predicate) -> list[Mention]:
        """«Fired missiles at Ukrainian cities», «bombed a Syrian town»: the state whose places are hit."""
        end = self.window(predicate)
        within = self.scene.pack.marks("inside", "nearby")
        near = [m for m in self.scene.mentions if predicate.last <= m.first < end and m.cls == "Place"]
        near = [m for m in near if m.prep not in within]
        if isinstance(predicate, Group) and predicate.passive:
            near = predicate.subject
        return [x for m in near[:1] for x in m.inner if x.cls == "State" and x.kind != "capital"][:1]

    def window(self, predicate: Predicate) -> int:
        """Where the complements of a predicate end."""
        raise NotImplementedError

    def _in_list(self, mention: Mention) -> bool:
        """«Lahore, Multan and Karachi»: cities side by side, none within the other."""
        k = mention.last
        if self.tag(k) != "X" or self.words[k].text != "," or not self.words[k + 1].capital:
            return False
        return any(self.tag(j) == "C" for j in range(k + 2, min(k + 5, self.scene.sentence.last)))
