"""Holds datacite.json against DataCite's schema: `python fields.py FILE`, in the checkers' own environment.

The library has the schema up to 4.5. Version 4.6 added values to its lists and took none away: what fits 4.5 fits it.
"""

import json
import sys
from pathlib import Path

from datacite import schema45

for error in schema45.validator.iter_errors(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))):
    print("/".join(map(str, error.absolute_path)), error.message)
