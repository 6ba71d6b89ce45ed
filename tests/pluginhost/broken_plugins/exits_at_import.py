"""Ends the interpreter the polite way."""

import sys

sys.exit(3)
