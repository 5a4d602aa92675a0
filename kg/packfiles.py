"""The files of a language pack as typed records: what may stand in them, and what each field means.

language.yml   letters, clitics, word order, sentence ends, page furniture
lexicon.yml    function words, negation, modality, reporting, light and control verbs, anaphors
clitics.yml    where needed, what tells a clitic from a letter of the word
nouns.yml      titles, honorifics, head words of organizations, bases, agreements and places
vocabulary.yml given names and common words, where letter case does not tell one from the other (optional)
frames/*.yml   the rules of one claim type each; the file is named after the type
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

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
    indefinite_marks: list[str] = []  # vowel signs of an indefinite noun, which no name carries
    doubtful_initials: list[str] = []  # letters that often are a clitic or a verb prefix: no sign of a name
    passive_vowel: str = ""  # a vowel sign near the start of a perfect that makes it passive
    noun_forms: list[Inflection] = []
    oblique_ends: list[str] = []  # endings of plurals of people that are no subject after a verb: الحوثيين
    feminine_ends: list[str] = []  # endings of nouns of women
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
    this_words: list[str] = []
    same_words: list[str] = []  # of the same year: the year that the text named last
    hijri_months: dict[str, int] = {}
    day_words: dict[str, int] = {}  # ordinals of the days of a month
    unit_words: dict[str, str] = {}  # the week -> week: with next, last or this
    seasons: dict[str, int] = {}  # the autumn -> month in which it begins
    ago_words: list[str] = []  # before a span of time that lies back
    number_words: dict[str, int] = {}
    counted_units: dict[str, str] = {}  # two days -> 2 day; days, which need a number -> 0 day


class Title(_Strict):
    """A word or phrase that names an office."""

    words: list[str]
    office: str
    scope: Literal["state", "any", "none"] = "any"  # what it may be an office of
    bare: bool = False  # the word is a sign of a person even without state or name
    posted: bool = False  # sent somewhere: سفير لدى، مبعوث إلى
    genitive_only: bool = False  # no office with the article: الممثلة is an actress
    portfolio: bool = False  # a department follows or precedes: وزير الدفاع


class Head(_Strict):
    """A head word that makes a noun phrase of a class: وزارة، قوات؛ base, treaty."""

    words: list[str] = []
    ends: list[str] = []  # endings by which an unknown noun after a state or organization is such a head: -ists
    cls: str
    needs: Literal["modifier", "name", "none"] = "modifier"
    plain: bool = False  # may stand alone, definite: الكونغرس
    described: bool = False  # an adjective is enough: القوى الدولية الست
    worded: bool = False  # its name may be a common word with the article: جبهة الإنقاذ
    adjective: bool = False  # the word is an adjective as well: no head after a noun that it may modify
    collective: bool = False  # unnamed people: officials, sources, protesters
    counted: bool = False  # somebody only where a number stands before: 20 people
    instrument: bool = False  # what its owner acts with: Turkish warplanes are Turkey
    ranks: bool = False  # those who fight for an organization are that organization: Hamas fighters
    branch: str | None = None
    kinds: list[
        str
    ] = []  # «the group»: alone, it is the last organization of such a kind or with that word in its name
    resumed: bool = False  # «the regime»: alone, it is that of the state of which the article speaks most
    after: list[str] = []  # it is a head only where one of these words stands before it: adopted a resolution
    seated: bool = False  # «authorities in Minsk», «a court in Cairo»: where it sits says whose it is


class Nouns(_Strict):
    """nouns.yml"""

    titles: list[Title] = []
    deputies: list[str] = []  # words that make the office 'other': نائب، مساعد
    portfolios: list[str] = []
    membership: list[str] = []  # prepositions between people and the body that they work in: مسؤول في وزارة
    homonyms: list[str] = []  # names that are an adjective or adverb as well: مالي، بحماس
    sides: list[str] = []  # before a state whose officers are listed: من جانب النيجر
    sports: list[str] = []  # after «for» they say that a body is one of sport
    affairs: list[str] = []  # what stands before the field of an office: شؤون
    kunya: list[str] = []  # particles that make a name with one word after them
    servants: list[str] = []  # with the definite word after them they are a given name: عبد الرحمن
    former: list[str] = []
    current: list[str] = []  # adjectives that do not matter: الحالي، الجديد
    honorifics: list[str] = []
    name_particles: list[str] = []
    patronymics: list[str] = []  # those between a name and the father's
    counterparts: list[str] = []  # نظيره
    heads: list[Head] = []
    branches: dict[str, list[str]] = {}
    transparent: list[str] = []  # nouns that let their genitive act: قيادة، حكومة? كل من
    not_names: list[str] = []  # words that end an unknown name
    directions: list[str] = []  # شمال، جنوب
    place_heads: list[str] = []


class Vocabulary(_Strict):
    """vocabulary.yml: words with spaces between them."""

    given_names: str = ""
    doubtful_given_names: str = ""  # those that are common words as well
    common: str = ""


class Lexicon(_Strict):
    """lexicon.yml"""

    prepositions: dict[str, list[str]] = {}  # canonical -> forms
    complementizers: list[str] = []
    nominal_complementizers: list[str] = []  # those that a noun follows, never a perfect: إنّ
    relatives: list[str] = []
    feminine_relatives: list[str] = []
    openers: list[str] = []  # words that open a clause: بينما، حيث
    coordinators: list[str] = []
    determiners: list[str] = []
    other_times: list[str] = []  # before a noun that tells of another time than the verb: since, after
    counts: list[str] = []  # number words and what else says how many: مئات، عدد من
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
    copulas: list[str] = []  # verbs after which a noun says what the subject is: become, remain
    causatives: list[str] = []  # verbs whose object does the act after them: prompt, enable
    relational: list[str] = []  # nouns of two parties: relations, border; a phrase beside them is theirs
    light_nouns: list[str] = []  # continuing, strengthening: nouns that pass on the preposition before them
    control: dict[str, list[str]] = {}  # modality[, negated] -> verbs that govern an act
    affiliation: list[str] = []  # words before the group that people belong to: linked to, members of
    permit: list[str] = []  # verbs of letting somebody act
    permit_nouns: list[str] = []
    permitted: str = ""  # the preposition before the one who may act: السماح ل
    control_nouns: dict[str, list[str]] = {}
    verbs: list[str] = []  # other verbs: they only end clauses
    time: list[str] = []  # adverbs that may stand between verb and subject
    own_state: list[str] = []  # بلاده
    pairs: dict[str, list[str]] = {}  # الجانبان: any; البلدان: State; الرئيسان: Person
    pronouns: dict[str, list[str]] = {}
    definite: list[str] = []  # determiners that point: the, this
    dual: list[str] = []  # enclitic pronouns that stand for two
    articles: list[str] = []
    cases: dict[str, list[str]] = {}  # what prepositions mark: agent -> by, genitive -> of
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
    led: dict[str, list[str]] = {}  # role -> head words of which whoever fills it has one: متظاهرون
    classes: dict[str, list[str]] = {}
    need: list[str] = []
    with_: list[str] = Field(default=[], alias="with")
    without: list[str] = []
    content: Content | None = None
    modality: Modality | None = None
    negated: bool | None = None
    passive: bool = False
    office: str | None = None  # of holdsOffice: which kind the verb tells of
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


class Splitting(_Strict):
    """clitics.yml: what tells a clitic from a letter of the word"""

    endings: str  # regular expression: how a word in `begins` may go on
    whole: list[str]  # words that are never split
    begins: dict[str, list[str]]  # clitic -> stems that begin with its letters as their own
    rare: list[
        str
    ] = []  # letters that are a clitic only before the article, the words in `after` and, for `verbs`, a known verb
    verbs: list[str] = []  # of these, those that a verb may follow
    shaped: list[str] = []  # letters that are a clitic only where `shapes` says so
    after: dict[str, list[str]] = {}  # clitic -> words before which it is one
    takes_pronoun: list[str] = []  # prepositions that a pronoun may follow: به
    shapes: dict[str, list[str]] = {}  # clitic + next letter -> regular expressions of what the rest must be like
    ends: dict[str, list[str]] = {}  # pronoun -> words that end with its letters as their own
    hosts: list[str] = []  # words after which every pronoun is one
    only_hosts: dict[str, list[str]] = {}  # rare pronoun -> ends of other words that it may follow
