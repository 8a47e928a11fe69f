"""One finding in words: what was read, what is expected, what to do."""

from collections.abc import Mapping

from records.reading import explanations_number, explanations_person, explanations_register
from records.reading.explanation_case import Case
from records.reading.reference import Reference
from records.reading.rules import RULES

_WORDS = {**explanations_number.WORDS, **explanations_person.WORDS, **explanations_register.WORDS}
_OF_OTHER_RECORDS = frozenset({"number.shared", "record.repeated", "record.possible_duplicate", "ministry.rejected"})


def explain(rule: str, field: str, value: str, suggestion: str, values: Mapping[str, str], reference: Reference) -> str:
    """The sentence shown with a finding; `values` are the record's canonical readings.

    No number of a person stands in it whole: explanations are shown where numbers are masked.
    """
    say = _WORDS.get(rule)
    speaks_of_a_cell = not rule.endswith(".missing") and rule not in _OF_OTHER_RECORDS
    if say and (value or not speaks_of_a_cell):
        return say(Case(field, value, suggestion, values, reference))
    known = RULES[rule]
    return f"{known.label}. {known.help}"
