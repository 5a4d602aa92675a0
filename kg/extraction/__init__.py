"""The reading engine: words → mentions → clauses → claims. Deterministic; every word it knows stands in `kg/lang/`."""
