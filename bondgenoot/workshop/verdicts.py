"""How a validation by Rasa is asked for, and what its quick form answers (components/quick_validation.py)."""

COMMAND = ("data", "validate", "--fail-on-warnings", "--domain", "domain.yml", "--data", "data")
QUICK = "components.quick_validation"
# Exit codes that mean something else nowhere; after any other code nothing is known.
PASSED, REFUSED, UNKNOWN = 40, 41, 42
