"""`python -m veche.site` is the command `veche`."""

import sys

from veche.site.console import main

if __name__ == "__main__":
    sys.exit(main())
