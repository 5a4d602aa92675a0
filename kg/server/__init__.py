"""HTTP over the graph: the SPARQL endpoint and the explorer, in worker processes that can be killed."""
