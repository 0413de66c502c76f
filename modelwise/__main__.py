"""The command `python -m modelwise`."""

import sys

from modelwise.cli import main

if __name__ == "__main__":
    sys.exit(main())
