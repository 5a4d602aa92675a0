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


class StoreError(KgError):
    """The store cannot be opened, read or written."""


class LinkError(KgError):
    """A link that cannot be made: no answer from the endpoint, an unknown entity, an identifier that is none."""
