"""What a page shows, read out of the graph as dataclasses; nothing here knows HTML or HTTP."""
