"""A language as data: `kg/lang/<iso>/` read, checked and compiled into look-up tables.

language.yml   letters, clitics, word order, sentence ends, page furniture
lexicon.yml    function words, negation, modality, reporting, light and control verbs, anaphors
nouns.yml      titles, honorifics, head words of organizations, bases, agreements and places
frames/*.yml   the rules of one claim type each; the file is named after the type

Every entry is written as people write it; `fold` makes spelling variants equal, here and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from kg.errors import DataError
from kg.resources import lang_dir, parse, read_yaml

Modality = Literal["asserted", "planned", "promised", "requested", "conditional", "possible"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Inflection(_Strict):
    """How forms are made from a base that ends in one of `ends`: drop letters, add each ending (ending -> features)."""

    ends: list[str] = [""]
    least: int = 0  # length of the base from which the rule applies
    drop: int = 0
    drop_penult: bool = False
    add: dict[str, str]


class Clitics(_Strict):
    """What is written together with a word, before and after it."""

    conjunctions: list[str] = []
    prepositions: list[str] = []
    future: str = ""
    article: str = ""
    elided: dict[str, str] = {}  # how preposition + article is written: لل for ل + ال
    enclitics: list[str] = []
    joined: dict[str, str] = {}  # last letter before an enclitic -> last letter of the free form


class Language(_Strict):
    """language.yml"""

    code: str
    direction: Literal["ltr", "rtl"]
    word_order: Literal["VSO", "SVO"]
    head_first: bool  # noun before adjective and title before state (رئيس روسيا), or after (Russian president)
    folds: dict[str, str] = {}
    clitics: Clitics = Clitics()
    verb_forms: dict[str, list[Inflection]] = {}  # perfect, imperfect; past, participle, gerund, third
    prefixes: dict[str, dict[str, str]] = {}  # form -> {prefix of the base -> …}: ي -> ت ن أ
    doubtful_initials: list[str] = []  # letters that often are a clitic or a verb prefix: no sign of a name
    noun_forms: list[Inflection] = []
    title_numbers: list[str] = []  # features of noun forms that titles take: people have no plural in -āt
    demonym_forms: list[Inflection] = []
    adverb_ends: list[str] = []  # endings by which an unknown word is an adverb
    verb_ends: dict[str, str] = {}  # endings by which an unknown word is a verb form: ing -> gerund
    possessives: list[str] = []  # what follows a possessor: 's
    furniture: list[str] = []  # regular expressions of lines that belong to the page, not to the text
    months: dict[str, int] = {}
    weekdays: dict[str, int] = {}  # Monday = 0
    date_words: dict[str, int] = {}  # yesterday -> -1
    month_words: dict[str, int] = {}  # last week -> days from publication; given as a month
    year_words: list[str] = []
    day_links: list[str] = []  # between day and month: 3 من أغسطس
    next_words: list[str] = []
    last_words: list[str] = []
    hijri_months: dict[str, int] = {}


class Title(_Strict):
    """A word or phrase that names an office."""

    words: list[str]
    office: str
    scope: Literal["state", "any", "none"] = "any"  # what it may be an office of
    bare: bool = False  # the word is a sign of a person even without state or name
    posted: bool = False  # sent somewhere: سفير لدى، مبعوث إلى
    portfolio: bool = False  # a department follows or precedes: وزير الدفاع


class Head(_Strict):
    """A head word that makes a noun phrase of a class: وزارة، قوات؛ base, treaty."""

    words: list[str]
    cls: str
    needs: Literal["modifier", "name", "none"] = "modifier"
    plain: bool = False  # may stand alone, definite: الكونغرس
    described: bool = False  # an adjective is enough: القوى الدولية الست
    collective: bool = False  # unnamed people: officials, sources, protesters
    instrument: bool = False  # what its owner acts with: Turkish warplanes are Turkey
    branch: str | None = None


class Nouns(_Strict):
    """nouns.yml"""

    titles: list[Title] = []
    deputies: list[str] = []  # words that make the office 'other': نائب، مساعد
    portfolios: list[str] = []
    former: list[str] = []
    current: list[str] = []  # adjectives that do not matter: الحالي، الجديد
    honorifics: list[str] = []
    name_particles: list[str] = []
    counterparts: list[str] = []  # نظيره
    heads: list[Head] = []
    branches: dict[str, list[str]] = {}
    transparent: list[str] = []  # nouns that let their genitive act: قيادة، حكومة? كل من
    not_names: list[str] = []  # words that end an unknown name
    directions: list[str] = []  # شمال، جنوب
    place_heads: list[str] = []


class Lexicon(_Strict):
    """lexicon.yml"""

    prepositions: dict[str, list[str]] = {}  # canonical -> forms
    complementizers: list[str] = []
    relatives: list[str] = []
    openers: list[str] = []  # words that open a clause: بينما، حيث
    coordinators: list[str] = []
    determiners: list[str] = []
    negators: dict[str, list[str]] = {}  # past, future, plain
    auxiliaries: dict[str, list[str]] = {}  # cue class -> words between subject and verb
    modals: dict[Modality, list[str]] = {}
    adjuncts: list[str] = []  # prepositions of time and circumstance
    conditions: list[str] = []
    exchange: list[str] = []
    questions: list[str] = []
    reporting: list[str] = []  # verbs of saying
    reporting_nouns: list[str] = []
    reporting_participles: list[str] = []
    according: list[str] = []
    relaying: list[str] = []  # نقلت رويترز عن
    light: list[str] = []
    relational: list[str] = []  # nouns of two parties: relations, border; a phrase beside them is theirs
    light_nouns: list[str] = []  # continuing, strengthening: nouns that pass on the preposition before them
    control: dict[str, list[str]] = {}  # modality[, negated] -> verbs that govern an act
    permit: list[str] = []  # verbs of letting somebody act
    permit_nouns: list[str] = []
    permitted: str = ""  # the preposition before the one who may act: السماح ل
    control_nouns: dict[str, list[str]] = {}
    verbs: list[str] = []  # other verbs: they only end clauses
    time: list[str] = []  # adverbs that may stand between verb and subject
    own_state: list[str] = []  # بلاده
    pairs: dict[str, list[str]] = {}  # الجانبان: any; البلدان: State; الرئيسان: Person
    pronouns: dict[str, list[str]] = {}
    homographs: list[str] = []  # nouns that look like verb forms: export, advance
    abbreviations: list[str] = []  # words whose full stop ends no sentence
    masculine: list[str] = []  # world-data ids of states whose name is masculine
    agreement: dict[str, list[str]] = {}  # enclitic pronoun -> classes that it may stand for


class Content(_Strict):
    """Where the act that is asked, promised, alleged … stands, and what follows for it."""

    via: list[str]
    modality: Modality | Literal["own"] = "own"
    control: Literal["actor", "recipient", "none"] = "none"  # who does the inner act
    toward: Literal["actor", "recipient", "none"] = "none"  # to whom, when the inner recipient is empty
    toward_types: list[str] = []  # acts that are done for the asker unless the text says otherwise
    negated: bool = False
    attributed: bool = True
    lift: dict[str, str] = {}  # role of the outer claim -> role of the act that fills it when it is empty


class Rule(_Strict):
    """One pattern of one claim type."""

    name: str
    verbs: list[str] = []
    nouns: list[str] = []
    participles: list[str] = []
    phrases: list[str] = []
    heads: list[str] = []  # with `on`: only mentions with one of these head words
    on: list[str] = []  # the trigger is a mention of one of these classes (Agreement, MilitaryBase)
    roles: dict[str, str] = {}  # role -> "slot|slot + slot"
    classes: dict[str, list[str]] = {}
    need: list[str] = []
    with_: list[str] = Field(default=[], alias="with")
    without: list[str] = []
    content: Content | None = None
    modality: Modality | None = None
    negated: bool | None = None
    passive: bool = False
    implies: dict[str, dict[str, str]] = {}  # claim type -> {its role: a role of this claim}: who signs is a party
    each: str | None = None  # one claim for every phrase that fills this role
    confidence: float = 0.8
    note: str | None = None


class Frame(_Strict):
    """frames/<type>.yml"""

    type: str
    rules: list[Rule]
    classes: dict[str, list[str]] = {}
    need: list[str] = []


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


@dataclass(frozen=True, slots=True)
class Pack:
    """One language, compiled."""

    language: Language
    lexicon: Lexicon
    nouns: Nouns
    frames: Mapping[str, Frame]
    tables: Tables
    folds: Mapping[int, str | None]

    @property
    def code(self) -> str:
        return self.language.code

    def fold(self, word: str) -> str:
        """The word without the differences that spelling makes: hamza, ya, ta marbuta, diacritics, case."""
        return fold(word, self.folds)


_MARKS = re.compile(r"[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


def fold(word: str, folds: Mapping[int, str | None]) -> str:
    """Casefold, drop diacritics and invisible marks, apply the letter table."""
    return _MARKS.sub("", word).translate(folds).casefold()


def _letters(table: Mapping[str, str]) -> dict[int, str | None]:
    return {ord(key): value or None for key, value in table.items()}


def inflect(base: str, rules: Iterable[Inflection]) -> Iterator[tuple[str, str]]:
    """Forms of one base with their features, by the first rule whose ending fits, and every `drop_penult` rule."""
    done = False
    for rule in rules:
        if len(base) < rule.least or not any(base.endswith(end) for end in rule.ends):
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
                    yield letter + surface[len(hit[0]) :], f"{tag} {mark}".strip()


def _compile(language: Language, lexicon: Lexicon, nouns: Nouns, frames: Mapping[str, Frame]) -> Tables:
    folds = _letters(language.folds)
    tables = Tables()

    def put(category: str, forms: Iterable[str], lemma: str = "", features: str = "") -> None:
        for form in forms:
            entry = Entry(category, fold(lemma or form, folds), features)
            tables.add([fold(form, folds)], entry)

    def put_verbs(category: str, lines: Iterable[str], features: str = "", rules: tuple[tuple[str, int], ...] = ()) -> None:
        for line in lines:
            lemma = fold(line.split()[0], folds)
            particle = " ".join(line.split("+")[1:]).strip()
            for form, feature in verb_forms(line.split("+")[0].strip(), language):
                surface = fold(f"{form} {particle}".strip(), folds)
                tables.add([surface], Entry(category, lemma, f"{feature} {features}".strip(), rules))

    for canonical, forms in lexicon.prepositions.items():
        put("prep", [canonical, *forms], canonical)
    simple = {
        "comp": lexicon.complementizers, "rel": lexicon.relatives, "open": lexicon.openers, "coord": lexicon.coordinators,
        "det": lexicon.determiners, "if": lexicon.conditions, "exchange": lexicon.exchange, "question": lexicon.questions,
        "saynoun": lexicon.reporting_nouns, "saypart": lexicon.reporting_participles, "according": lexicon.according,
        "time": lexicon.time, "abbreviation": lexicon.abbreviations, "lightnoun": lexicon.light_nouns, "relational": lexicon.relational, "own": lexicon.own_state, "deputy": nouns.deputies, "portfolio": nouns.portfolios,
        "former": nouns.former, "current": nouns.current, "honorific": nouns.honorifics, "particle": nouns.name_particles,
        "counterpart": nouns.counterparts, "transparent": nouns.transparent, "notname": nouns.not_names,
        "direction": nouns.directions, "placehead": nouns.place_heads,
    }  # fmt: skip
    for category, words in simple.items():
        put(category, words)
    tagged: dict[str, Mapping[Any, list[str]]] = {"neg": lexicon.negators, "aux": lexicon.auxiliaries, "pair": lexicon.pairs,
                         "pronoun": lexicon.pronouns, "modal": lexicon.modals, "controlnoun": lexicon.control_nouns}  # fmt: skip
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
    """The frame with the prepositions that its slots name in folded form, as the words of a text are."""
    rules = []
    for rule in frame.rules:
        update: dict[str, object] = {"roles": {role: fold(slots, folds) for role, slots in rule.roles.items()}}
        if rule.content is not None:
            update["content"] = rule.content.model_copy(update={"via": [fold(via, folds) for via in rule.content.via]})
        rules.append(rule.model_copy(update=update))
    return frame.model_copy(update={"rules": rules})


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
            raise DataError(f"{folder.name}/frames/{path.name}: its type is '{frame.type}'; name the file after the type")
        frames[frame.type] = frame
    return Pack(language, lexicon, nouns, frames, _compile(language, lexicon, nouns, frames), _letters(language.folds))


def languages() -> list[str]:
    """Codes of the languages that come with the program."""
    return sorted(path.parent.name for path in lang_dir("").glob("*/language.yml"))


@lru_cache(maxsize=8)
def pack(code: str) -> Pack:
    """The pack of a language, read once."""
    return load_pack(code)
