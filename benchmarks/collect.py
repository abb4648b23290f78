"""Everything that collecting is measured by, in one run: ``python -m benchmarks.collect [DATA]``.

DATA is the folder of real data, else ``$BROADSHEET_DATA``; what needs it is left out without it.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from benchmarks import addresses, feeds, fetching, pages
from benchmarks.asking import a_folder, parser


def main() -> int:
    """Print the figures."""
    asked = parser(__doc__)
    asked.add_argument("data", type=a_folder, nargs="?", default=os.environ.get("BROADSHEET_DATA") or None)
    data = asked.parse_args().data
    if data:
        print("Feeds, right\n ", feeds.right(data / "feeds"))
        print("\nFeeds, fast (17 real feeds of one day)")
        for line in feeds.fast(data / "feeds"):
            print(" ", line)
    print("\nFeeds, within limits (2 s, 300 MB)")
    for line in feeds.limits():
        print(" ", line)
    print("\nFetching 1,000 feeds, processor seconds of the client")
    with tempfile.TemporaryDirectory() as place:
        figures = fetching.measure(Path(place))
    for name, seconds in figures.items():
        print(f"  {name:32}{seconds:7.3f} s{seconds / figures['floor, asyncio streams']:7.1f} times the floor")
    if data:
        print("\nAddresses and identity")
        print(" ", addresses.identity(data / "urls"))
        print(" ", addresses.guarded(data / "urls"))
        for line in addresses.polls(data / "feeds" / "polls-2021-09-20"):
            print(" ", line)
        print("\nPages")
        pages.run(data / "pages" / "fundus")
    return 0


if __name__ == "__main__":
    sys.exit(main())
