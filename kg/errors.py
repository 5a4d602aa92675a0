"""What can go wrong, in words for the person who has to mend it: where, what, and what to do."""

from __future__ import annotations


class KgError(Exception):
    """Base of every error whose message is meant for the user; exit code 1."""


class InputError(KgError):
    """An article or a file named by the user cannot be read."""


class DataError(KgError):
    """A file that people write (seeds, lexicon, frames, gold) breaks its format."""


class OntologyError(KgError):
    """A class, relation or event type that the ontology does not have."""


class QueryError(KgError):
    """A question that cannot be asked: syntax, unknown name, missing parameter, refused form."""


class UnreadableQuery(QueryError):
    """SPARQL with a mistake, and where it is: lines and columns from 1, 0 where they are not known."""

    def __init__(self, said: str, *, line: int = 0, column: int = 0, near: str = "", prefix: str | None = None) -> None:
        super().__init__(said)
        self.line, self.column = line, column
        self.near = near  # the word before which the mistake was noticed; empty at the end of the query
        self.prefix = prefix  # the one that is not declared, if that is the mistake


class StoreError(KgError):
    """The store cannot be opened, read or written."""


class LinkError(KgError):
    """A link that cannot be made: no answer from the endpoint, an unknown entity, an identifier that is none."""


class DecisionError(KgError):
    """A decision on who is who that cannot be taken: it contradicts another, or what is known of the two."""
