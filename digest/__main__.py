"""Lets ``python -m digest`` be the ``digest`` command."""

from digest.cli import main

if __name__ == "__main__":
    main()
