"""`python -m kg` is the same program as `kg`."""

from kg.commands import main

main()
