"""The names of the twenty guarantees; and which of them no look at a database can decide, but tests do."""

from models.finding import Finding, Verdict

NAMES = (
    "Symmetry",
    "Non-interference",
    "Size",
    "Linear safety",
    "Value safety",
    "Data-independence",
    "One door",
    "No trace",
    "Crash",
    "No clock",
    "Frozen rules",
    "No one chooses the batch",
    "Sybil bound",
    "Noise",
    "Repeats",
    "Text",
    "Rights",
    "Retention",
    "No lists of people",
    "Honest words",
)
_CODE = {
    2: "no officer's screen depends on answers that wait",
    6: "groups are planned without ever seeing an answer",
    12: "the calendar alone starts a release",
    13: "new accounts and officers ride along and never make a group possible",
    19: "no officer's screen names a person or tells who did what",
    20: "what people are told of all this is true",
}
BY_TESTS = tuple(
    Finding(number, Verdict.BY_TESTS, f"{fixed} (tests/guarantees/test_g{number:02}_*.py)")
    for number, fixed in _CODE.items()
)
