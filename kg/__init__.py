"""Arabic and English news into a graph of geopolitical claims, each with its exact words."""

__version__ = "0.1.0"
