"""The nouns of the project: what one article says, and where. Standard library only.

Every offset is a position in Unicode code points of `Document.text`, 0-based, end exclusive, so that
`document.text[start:end]` is always the quoted words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

MODALITIES = ("asserted", "planned", "promised", "requested", "conditional", "possible")
ENTITY_CLASSES = ("State", "Person", "Organization", "MilitaryBase", "Agreement", "Place")
RELATION_ROLES = ("subject", "object")
EVENT_ROLES = ("actor", "recipient", "object", "place")


@dataclass(frozen=True, slots=True)
class Document:
    """One article. `text` is the title, a blank line and the body, exactly as offsets refer to it."""

    id: str
    text: str
    lang: str = ""  # ISO 639-1; empty until it has been identified
    title: str = ""
    date: str | None = None  # ISO date of publication
    url: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open stretch `[start, end)` of the text of one document."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The words that the span covers."""
        return text[self.start : self.end]

    def overlaps(self, other: Span) -> bool:
        """True when the two share at least one code point."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Candidate:
    """One thing that a mention might have meant, with the reason for and a score in [0, 1]."""

    ref: str  # id in the world data
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class Entity:
    """Somebody or something that takes part in a claim of one article, or that it names and the world data knows."""

    id: str  # local to the article: e1, e2, …
    cls: str  # one of ENTITY_CLASSES
    name: str  # canonical English name, or the words of the text where none is known
    mentions: tuple[Span, ...]  # in text order
    ref: str | None = None  # id in the world data; None is a normal state (NIL)
    qid: str | None = None
    candidates: tuple[Candidate, ...] = ()  # best first; the chosen one is the first


@dataclass(frozen=True, slots=True)
class Anchor:
    """Words that a part of a claim rests on: `role` is trigger, a role name, modality, negation or speaker."""

    role: str
    span: Span


@dataclass(frozen=True, slots=True)
class Claim:
    """What one article says: type, arguments, modality, polarity, who says it, and the exact words."""

    id: str  # local to the article: c1, c2, …
    type: str  # local name of a relation or event type of the ontology
    args: Mapping[str, tuple[str, ...]]  # role -> entity ids, only roles that are filled
    quote: Span
    modality: str = "asserted"
    negated: bool = False
    attributed_to: str | None = None  # entity id; None in the article's own voice
    content: str | None = None  # id of the claim that is requested, promised, alleged, …
    date: str | None = None  # YYYY, YYYY-MM or YYYY-MM-DD
    office: str | None = None
    former: bool = False
    branch: str | None = None
    rule: str = ""
    confidence: float = 1.0
    anchors: tuple[Anchor, ...] = ()

    @property
    def is_fact(self) -> bool:
        """The promotion rule, stated once: asserted, not negated, in the article's own voice."""
        return self.modality == "asserted" and not self.negated and self.attributed_to is None


@dataclass(frozen=True, slots=True)
class Discarded:
    """A candidate that was not made a claim, and why: what `kg explain --text` shows."""

    rule: str
    span: Span
    reason: str


@dataclass(frozen=True, slots=True)
class Extraction:
    """All that was read out of one document."""

    document: Document
    entities: tuple[Entity, ...] = ()
    claims: tuple[Claim, ...] = ()
    discarded: tuple[Discarded, ...] = field(default=(), compare=False)

    def entity(self, entity_id: str) -> Entity:
        """The entity of that id; KeyError when there is none."""
        for entity in self.entities:
            if entity.id == entity_id:
                return entity
        raise KeyError(entity_id)


OfficeKind = Literal[
    "headOfState",
    "headOfGovernment",
    "minister",
    "spokesperson",
    "ambassador",
    "commander",
    "legislator",
    "other",
]
Branch = Literal["air", "naval", "land"]
