"""What stands beside a predicate where the subject precedes the verb: appositions, offices, how far phrases reach."""

from __future__ import annotations

from kg.extraction.clauses import Predicate
from kg.extraction.mentions import Mention
from kg.extraction.subject_first_deeds import DeedSlots
from kg.extraction.verb_groups import Group

WINDOW = 30  # words after a predicate in which its complements stand


class Neighbours(DeedSlots):
    """Slots that look at the words right before or after a predicate."""

    reach: dict[Predicate, int]  # what `window` found

    def window(self, predicate: Predicate) -> int:
        """Where the complements of a predicate end: at the next clause, or at a verb with a subject of its own."""
        found = self.reach.get(predicate)
        if found is None:
            found = self.reach[predicate] = self._window(predicate)
        return found

    def _window(self, predicate: Predicate) -> int:
        end = min(predicate.last + WINDOW, self.scene.sentence.last)
        for k in range(predicate.last, end):
            if self.tag(k) in {"REL", "THAT", "SUB", "IF"} or self.words[k].text in {";", ":"}:
                end = k
                break
        carrier = predicate.above if isinstance(predicate, Group) and predicate.link == "subj" else None
        for group in self.scene.groups_of:
            if group.form == "finite" and group.first >= predicate.last and group is not carrier:
                own = group.how != "none" and group.begins >= predicate.last
                return min(end, group.begins if own else group.start)
        return end

    def relative_place(self, predicate: Predicate) -> list[Mention]:
        """«Fled to Chile, where he …»: Chile."""
        first = self.scene.clauses[predicate.clause].first
        return self._ends_at(first - 1) if self.words[first].norm in self.scene.pack.marks("locative") else []

    def act_object(self, predicate: Predicate) -> list[Mention]:
        """«Agreed to lend Mali money», «to lend money to Mali»: whom an act concerns that is no claim of ours."""
        for group in self.scene.groups_of:
            if group.above is predicate and group.link in {"to", "gerund"} and group.category != "trigger":
                goal = (found for name in self.scene.pack.marks("goal") if (found := self._goal(name, group)))
                return self.object(group) or next(goal, [])
        return []

    def act_object_possessor(self, predicate: Predicate) -> list[Mention]:
        """«Refused to heed Mali's call»: Mali."""
        for group in self.scene.groups_of:
            if group.above is predicate and group.link == "to" and group.category != "trigger":
                return self.slot("obj's", group)
        return []

    def _goal(self, name: str, group: Group) -> list[Mention]:
        end = self.window(group)
        near = [m for m in self.scene.mentions if group.last <= m.first < end and m.prep == name]
        return [m for m in near if id(m) not in self.scene.modifiers and not m.adjective][:1]

    def appointed(self, predicate: Predicate) -> list[Mention]:
        """«Was elected president of Chile»: Chile."""
        end = self.window(predicate)
        titles = (m for m in self.scene.mentions if predicate.last <= m.first < end and m.office and m.name is None)
        title = next(titles, None)
        return [title.of] if title is not None and title.of is not None else []

    def apposed(self, predicate: Predicate) -> list[Mention]:
        """«Its ally Belarus»: the name right after the noun."""
        mention = self.scene.within.get(predicate.last)
        apart = mention is None or mention.first != predicate.last or id(mention) in self.scene.modifiers
        return [] if apart or mention is None else [mention]

    def hyphenated(self, predicate: Predicate) -> list[Mention]:
        """«Iran-backed militias»: Iran."""
        k = predicate.first - 1
        mention = self.scene.within.get(k - 1) if self.tag(k) == "X" and self.words[k].text == "-" else None
        return [mention] if mention is not None else []
