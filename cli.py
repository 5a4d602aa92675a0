"""Run `kg` from a checkout: `python cli.py …` is the same program as the installed command."""

from kg.commands import main

if __name__ == "__main__":
    main()
