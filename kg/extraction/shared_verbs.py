"""Verbs joined by «and» where the subject comes first: whose subject, form and auxiliaries they share."""

from __future__ import annotations

from kg.extraction.forms import form
from kg.extraction.verb_groups import Group, GroupedScene


class SharedScene(GroupedScene):
    """A sentence whose verbs after a conjunction know the verb that they go on with."""

    def _reduce(self) -> None:
        """Prepare shared subjects: a verb after «and» has the subject of the verb before it."""
        for number, group in enumerate(self.groups_of):
            if group.how != "shared" or self._shares(group, self.groups_of[:number]):
                continue
            for other in reversed(self.groups_of[:number]):
                if other.form == "finite" and not self._inserted(other, group):
                    group.above, group.link = other, "shared"
                    bare = not group.cues and "participle" in {form(h) for h in self.words[group.first].hits}
                    group.passive |= bare and other.passive and self.tag(group.last) in {"P", "R", "X", ""}
                    break

    def _shares(self, group: Group, before: list[Group]) -> bool:
        """«To visit Cuba and meet Castro», «will visit Cuba and meet Castro»: a bare verb goes on as the one before."""
        if group.cues or {form(h) for h in self.words[group.first].hits if form(h)} != {"base"}:
            return False
        other = next((g for g in reversed(before) if g.verb and g.form in {"finite", "infinitive"}), group)
        if other.form == "infinitive":
            group.form, group.how = "infinitive", ""
        elif other.cues and "base" in {form(h) for h in self.words[other.first].hits}:
            group.cues = list(other.cues)
        return group.form == "infinitive"

    def _foretold(self, other: Group, group: Group) -> bool:
        """«Said Kyiv would not yield and urged NATO …»: a past tense goes on with the verb of saying."""
        said = [g for g in self.groups_of if g.says and g.form == "finite" and g.last <= other.start]
        past = not group.cues and "base" not in {form(h) for h in self.words[group.first].hits}
        return bool(said) and past and any(cue.entry.features in {"will", "may"} for cue in other.cues)

    def _inserted(self, other: Group, group: Group) -> bool:
        """«Denied that it had fired, and urged …»: after a comma the subject is that of the main clause."""
        if self._foretold(other, group):
            return True
        joint = group.begins
        if group.cues or self.words[joint - 1].text != ",":
            return False
        earlier = [g for g in self.groups_of if g.form == "finite" and g.last <= other.start]
        first = earlier[-1].last if earlier else joint
        return any(self.tag(j) in {"THAT", "REL"} for j in range(first, other.start))
