"""The instructor's package: builds the course, grades submissions outside the student's process, verifies the tests."""

import sys

# Where this package is there, jsonschema, with which nbformat validates notebooks, imports it and so builds a grammar of
# internationalised addresses: 0.85 s of processor time at every start, for a check that the schema of notebooks does not ask for.
# It does without if the import fails.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
