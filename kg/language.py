"""A language as data: `kg/lang/<iso>/` read, checked and compiled into look-up tables.

The files are described in `kg.packfiles`. Every entry is written as people write it; `fold` makes spelling
variants equal, here and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from kg.errors import DataError
from kg.packfiles import (
    Clitics,
    Content,
    Frame,
    Head,
    Inflection,
    Language,
    Lexicon,
    Nouns,
    Rule,
    Title,
    Vocabulary,
)
from kg.resources import lang_dir, parse, read_yaml

__all__ = [
    "Clitics", "Content", "Entry", "Frame", "Head", "Inflection", "Language", "Lexicon", "Nouns",
    "Pack", "Rule", "Tables", "Title", "Vocabulary", "fold", "inflect", "languages", "load_pack",
    "pack", "verb_forms",
]  # fmt: skip
FOLDED = 100_000  # words whose folded form is remembered


@dataclass(frozen=True, slots=True)
class Entry:
    """One meaning of a form: its category, lemma and features; `rules` for the trigger of frames."""

    category: str
    lemma: str
    features: str = ""
    rules: tuple[tuple[str, int], ...] = ()  # (claim type, index of the rule in its frame)


@dataclass(slots=True)
class Tables:
    """All surface forms of a pack, folded: single words and multi-word phrases."""

    words: dict[str, list[Entry]] = field(default_factory=dict)
    phrases: dict[str, list[tuple[tuple[str, ...], Entry]]] = field(default_factory=dict)

    def add(self, forms: Iterable[str], entry: Entry) -> None:
        """File every form under its first word."""
        for form in forms:
            parts = tuple(form.split())
            if len(parts) == 1:
                known = self.words.setdefault(parts[0], [])
                if entry not in known:
                    known.append(entry)
            elif parts:
                self.phrases.setdefault(parts[0], []).append((parts, entry))


@dataclass(frozen=True, eq=False)
class Pack:
    """One language, compiled. What is made of it on the way is made once, here or by its users."""

    language: Language
    lexicon: Lexicon
    nouns: Nouns
    frames: Mapping[str, Frame]
    tables: Tables
    folds: Mapping[int, str | None]
    cases: Mapping[str, tuple[str, ...]]  # case -> folded prepositions that mark it
    by_class: Mapping[str, tuple[tuple[str, int], ...]]  # entity class -> rules that such a mention sets off by itself
    given_names: frozenset[str] = frozenset()
    doubtful_given_names: frozenset[str] = frozenset()  # as written and folded
    common: frozenset[str] = frozenset()
    analysed: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)  # kept by `extraction.words`
    folded: dict[str, str] = field(default_factory=dict, compare=False, repr=False)  # what `fold` made of words

    def marks(self, *cases: str) -> frozenset[str]:
        """Prepositions that mark one of these cases, as they are called in frames."""
        found = self._marked.get(cases)
        if found is None:
            found = self._marked[cases] = frozenset(word for case in cases for word in self.cases.get(case, ()))
        return found

    def prepositions(self, kind: str) -> frozenset[str]:
        """Prepositions that the lexicon files under a name of its own, as `@place`."""
        found = self._filed.get(kind)
        if found is None:
            found = self._filed[kind] = frozenset(map(self.fold, self.lexicon.prepositions.get(kind, ())))
        return found

    @cached_property
    def _filed(self) -> dict[str, frozenset[str]]:
        return {}

    @cached_property
    def _marked(self) -> dict[tuple[str, ...], frozenset[str]]:
        return {}

    def wants(self, rules: tuple[tuple[str, int], ...]) -> frozenset[str]:
        """Slots and prepositions that these rules use."""
        found = self._wanted.get(rules)
        if found is None:
            chosen = [self.frames[kind].rules[number] for kind, number in rules]
            slots = {slot for rule in chosen for used in rule.roles.values() for slot in re.split(r"[+|\s]+", used)}
            vias = {via for rule in chosen if rule.content for via in rule.content.via}
            found = self._wanted[rules] = frozenset(slots | vias) - {""}
        return found

    @cached_property
    def _wanted(self) -> dict[tuple[tuple[str, int], ...], frozenset[str]]:
        return {}

    @cached_property
    def article(self) -> str:
        """The article that is written together with its noun, folded."""
        return self.fold(self.language.clitics.article)

    @cached_property
    def possessives(self) -> frozenset[str]:
        """Possessive marks."""
        return frozenset(map(self.fold, self.language.possessives))

    @cached_property
    def date_names(self) -> frozenset[str]:
        """Names of days and months, and words like today."""
        language = self.language
        return frozenset(map(self.fold, [*language.weekdays, *language.months, *language.date_words]))

    @cached_property
    def adjuncts(self) -> frozenset[str]:
        """Prepositions of phrases of time."""
        return frozenset(map(self.fold, self.lexicon.adjuncts))

    @property
    def code(self) -> str:
        return self.language.code

    def fold(self, word: str) -> str:
        """The word without the differences that spelling makes: hamza, ya, ta marbuta, diacritics, case."""
        found = self.folded.get(word)
        if found is None:
            if len(self.folded) > FOLDED:
                self.folded.clear()
            found = self.folded[word] = fold(word, self.folds)
        return found


_MARKS = re.compile(r"[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


def fold(word: str, folds: Mapping[int, str | None]) -> str:
    """Casefold, drop diacritics and invisible marks, apply the letter table."""
    plain = word if word.isascii() else _MARKS.sub("", word)
    return plain.translate(folds).casefold()


def _letters(table: Mapping[str, str]) -> dict[int, str | None]:
    return {ord(key): value or None for key, value in table.items()}


def inflect(base: str, rules: Iterable[Inflection]) -> Iterator[tuple[str, str]]:
    """Forms of one base with their features, by the first rule whose ending fits, and every `drop_penult` rule."""
    done = False
    for rule in rules:
        if len(base) < rule.least or not base.endswith(tuple(rule.ends)):
            continue
        if rule.drop_penult:
            yield from ((base[:-2] + base[-1] + end, feature) for end, feature in rule.add.items())
        elif not done:
            done = True
            stem = base[: len(base) - rule.drop] if rule.drop else base
            yield from ((stem + end, feature) for end, feature in rule.add.items())


def verb_forms(line: str, language: Language) -> Iterator[tuple[str, str]]:
    """All forms of a verb line, its principal parts in the order of `verb_forms` (زار يزور; meet met met meeting).

    A part that is left out is made from the first; `-` means that the verb has none.
    """
    parts = line.split()
    for number, (form, rules) in enumerate(language.verb_forms.items()):
        if number < len(parts):
            base, regular = parts[number], number == 0 or language.word_order == "VSO"
        else:
            base, regular = parts[0], True
        if base == "-" or (number >= len(parts) and language.word_order == "VSO"):
            continue
        made = inflect(base, rules) if regular else ((base, form),)
        for surface, feature in made:
            tag = f"{form} {feature}".strip()
            prefixes = language.prefixes.get(form, {})
            hit = [prefix for prefix in prefixes if surface.startswith(prefix)][:1]
            yield surface, tag
            if hit:
                for other in prefixes[hit[0]].split():
                    letter, _, mark = other.partition(":")
                    plain = " ".join(t for t in tag.split() if not {t, mark} <= {"m", "f"})
                    yield letter + surface[len(hit[0]) :], f"{plain} {mark}".strip()


def _compile(language: Language, lexicon: Lexicon, nouns: Nouns, frames: Mapping[str, Frame]) -> Tables:
    folds = _letters(language.folds)
    tables = Tables()

    def put(category: str, forms: Iterable[str], lemma: str = "", features: str = "") -> None:
        for form in forms:
            entry = Entry(category, fold(lemma or form, folds), features)
            tables.add([fold(form, folds)], entry)

    def put_verbs(
        category: str, lines: Iterable[str], features: str = "", rules: tuple[tuple[str, int], ...] = ()
    ) -> None:
        for line in lines:
            lemma = fold(line.split()[0], folds)
            particle = " ".join(line.split("+")[1:]).strip()
            for form, feature in verb_forms(line.split("+")[0].strip(), language):
                surface = fold(f"{form} {particle}".strip(), folds)
                tables.add([surface], Entry(category, lemma, f"{feature} {features}".strip(), rules))

    for canonical, forms in lexicon.prepositions.items():
        put("prep", [canonical, *forms], canonical)
    simple = {
        "comp": lexicon.complementizers,
        "nouncomp": lexicon.nominal_complementizers,
        "rel": lexicon.relatives,
        "open": lexicon.openers,
        "coord": lexicon.coordinators,
        "feminine": lexicon.feminine_relatives,
        "apart": lexicon.other_times,
        "det": [*lexicon.determiners, *lexicon.counts],
        "count": lexicon.counts,
        "if": lexicon.conditions,
        "exchange": lexicon.exchange,
        "question": lexicon.questions,
        "saynoun": lexicon.reporting_nouns,
        "saypart": lexicon.reporting_participles,
        "according": lexicon.according,
        "time": lexicon.time,
        "abbreviation": lexicon.abbreviations,
        "definite": lexicon.definite,
        "article": lexicon.articles,
        "lightnoun": lexicon.light_nouns,
        "relational": lexicon.relational,
        "own": lexicon.own_state,
        "side": nouns.sides,
        "affiliation": lexicon.affiliation,
        "deputy": nouns.deputies,
        "portfolio": nouns.portfolios,
        "affairs": nouns.affairs,
        "homonym": nouns.homonyms,
        "sport": nouns.sports,
        "kunya": nouns.kunya,
        "servant": nouns.servants,
        "former": nouns.former,
        "current": nouns.current,
        "honorific": nouns.honorifics,
        "particle": nouns.name_particles,
        "patronymic": nouns.patronymics,
        "counterpart": nouns.counterparts,
        "transparent": nouns.transparent,
        "notname": nouns.not_names,
        "direction": nouns.directions,
        "placehead": nouns.place_heads,
    }
    for category, words in simple.items():
        put(category, words)
    tagged: dict[str, Mapping[Any, list[str]]] = {
        "neg": lexicon.negators,
        "aux": lexicon.auxiliaries,
        "pair": lexicon.pairs,
        "pronoun": lexicon.pronouns,
        "modal": lexicon.modals,
        "controlnoun": lexicon.control_nouns,
    }
    for kind, groups in tagged.items():
        for feature, words in groups.items():
            put(kind, words, features=str(feature))
    for word in lexicon.homographs:
        put("homograph", [word, *(form for form, _ in _plurals(word, language))], word)
    for branch, words in nouns.branches.items():
        put("branch", words, branch)
    for number, title in enumerate(nouns.titles):
        for word in title.words:
            plurals = (form for form, feature in _plurals(word, language) if feature in language.title_numbers)
            put("title", [word, *plurals], word, str(number))
    for number, head in enumerate(nouns.heads):
        put("head", head.words, features=str(number))
    put_verbs("say", lexicon.reporting)
    put_verbs("relay", lexicon.relaying)
    put_verbs("light", lexicon.light)
    put_verbs("permit", lexicon.permit)
    put("permit", lexicon.permit_nouns)
    put_verbs("verb", lexicon.verbs)
    for feature, lines in lexicon.control.items():
        put_verbs("control", lines, feature)
    for frame in frames.values():
        for number, rule in enumerate(frame.rules):
            where = ((frame.type, number),)
            put_verbs("trigger", rule.verbs, "verb", where)
            for category, words in (("noun", rule.nouns), ("participle", rule.participles), ("phrase", rule.phrases)):
                for word in words:
                    forms = [word] if category != "noun" else [word, *(form for form, _ in _plurals(word, language))]
                    for form in forms:
                        tables.add([fold(form, folds)], Entry("trigger", fold(word, folds), category, where))
    return tables


def _folded(frame: Frame, folds: Mapping[int, str | None]) -> Frame:
    """The frame with the words that it compares with a text's in folded form, as those are."""
    rules = []
    for rule in frame.rules:
        update: dict[str, object] = {
            "roles": {role: fold(slots, folds) for role, slots in rule.roles.items()},
            "with_": [fold(word, folds) for word in rule.with_],
            "without": [fold(word, folds) for word in rule.without],
            "led": {role: [fold(word, folds) for word in words] for role, words in rule.led.items()},
        }
        if rule.content is not None:
            update["content"] = rule.content.model_copy(update={"via": [fold(via, folds) for via in rule.content.via]})
        rules.append(rule.model_copy(update=update))
    return frame.model_copy(update={"rules": rules})


def _by_class(frames: Mapping[str, Frame]) -> dict[str, tuple[tuple[str, int], ...]]:
    found: dict[str, tuple[tuple[str, int], ...]] = {}
    for kind, frame in frames.items():
        for number, rule in enumerate(frame.rules):
            for cls in rule.on:
                found[cls] = (*found.get(cls, ()), (kind, number))
    return found


def _plurals(word: str, language: Language) -> Iterator[tuple[str, str]]:
    head, _, rest = word.partition(" ") if language.head_first else ("", "", word)
    if language.head_first:
        yield from (((form + " " + rest).strip(), f) for form, f in inflect(head, language.noun_forms))
    else:
        yield from inflect(rest, language.noun_forms)


def load_pack(code: str, folder: Path | None = None) -> Pack:
    """Read, check and compile one language; DataError names the file and the field at fault."""
    folder = folder or lang_dir(code)
    if not folder.is_dir():
        raise DataError(f"kg/lang/{code}/: no such language; there are {', '.join(languages())}")
    language = parse(Language, read_yaml(folder / "language.yml"), f"{folder.name}/language.yml")
    lexicon = parse(Lexicon, read_yaml(folder / "lexicon.yml") or {}, f"{folder.name}/lexicon.yml")
    nouns = parse(Nouns, read_yaml(folder / "nouns.yml") or {}, f"{folder.name}/nouns.yml")
    frames: dict[str, Frame] = {}
    for path in sorted(folder.glob("frames/*.yml")):
        frame = _folded(parse(Frame, read_yaml(path), f"{folder.name}/frames/{path.name}"), _letters(language.folds))
        if frame.type != path.stem:
            raise DataError(
                f"{folder.name}/frames/{path.name}: its type is '{frame.type}'; name the file after the type"
            )
        frames[frame.type] = frame
    folds = _letters(language.folds)
    cases = {case: tuple(fold(word, folds) for word in words) for case, words in lexicon.cases.items()}
    path = folder / "vocabulary.yml"
    listed = parse(Vocabulary, read_yaml(path), f"{folder.name}/vocabulary.yml") if path.exists() else Vocabulary()
    given = frozenset(fold(listed.given_names, folds).split())
    doubtful = frozenset([*listed.doubtful_given_names.split(), *fold(listed.doubtful_given_names, folds).split()])
    common = frozenset(fold(listed.common, folds).split())
    tables = _compile(language, lexicon, nouns, frames)
    return Pack(language, lexicon, nouns, frames, tables, folds, cases, _by_class(frames), given, doubtful, common)


def languages() -> list[str]:
    """Codes of the languages that come with the program."""
    return sorted(path.parent.name for path in lang_dir("").glob("*/language.yml"))


@lru_cache(maxsize=8)
def pack(code: str) -> Pack:
    """The pack of a language, read once."""
    return load_pack(code)
