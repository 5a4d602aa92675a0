"""Wikidata, on request only: candidates for entities without a link, judged by context and not by name alone."""
