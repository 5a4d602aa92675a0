"""Loaded once by the process from which workers are forked: what each of them would load anew."""

from __future__ import annotations

import gc

import kg.server.reader
import kg.server.worker  # noqa: F401
from kg.ontology import ontology
from kg.pages.template import load

ontology()
load()
gc.freeze()  # so that what is shared stays shared
