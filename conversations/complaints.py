"""Turns pydantic's errors into faults of a pack: one plain sentence each, with its line."""

from collections.abc import Iterator

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from conversations.faults import PackFault
from conversations.sheets import Sheet

ABSENT = ("missing", "union_tag_not_found", "refused")  # errors that may be about a field that is not written
SENTENCES = {
    "missing": "this field is missing",
    "union_tag_not_found": "this field is missing",
    "extra_forbidden": "there is no such field here",
    "invalid_key": "a key is a word",
    "string_type": "this is text; put it in quotes if it looks like a number, a date or yes/no",
    "string_too_short": "this is empty",
    "int_type": "this is a whole number",
    "date_type": "this is a date like 2020-01-31, without quotes",
    "bool_type": "this is true or false",
    "bool_parsing": "this is true or false",
    "tuple_type": "this is a list",
    "list_type": "this is a list",
    "dict_type": "this is text, or a text for each language ({vi: ..., en: ...})",
    "model_type": "this is a set of fields (name: value)",
    "model_attributes_type": "this is a set of fields (name: value)",
}


def told(error: ValidationError, sheet: Sheet) -> Iterator[PackFault]:
    """Say each error at its line; what is said twice of one field (the branches of a union) becomes one fault."""
    said: dict[tuple[int, str], list[str]] = {}
    known = set[tuple[int, str, str]]()
    for each in error.errors(include_url=False):
        fault = complaint(each, sheet)
        what = (fault.line, fault.field.rpartition(".")[2], fault.message)
        if what not in known:  # an aliased part is read, and found wrong, as often as it is used
            known.add(what)
            said.setdefault((fault.line, fault.field), []).append(fault.message)
    for (line, field), messages in said.items():
        yield PackFault(str(sheet.path), line, field, "; or ".join(messages))


def complaint(error: ErrorDetails, sheet: Sheet) -> PackFault:
    """Say one error."""
    kind, loc = error["type"], error["loc"]
    if kind.startswith("union_tag"):
        loc = (*loc, error["ctx"]["discriminator"].strip("'"))
    message = SENTENCES.get(kind) or error["msg"].removeprefix("Value error, ").replace("Input should", "this should")
    if kind not in {*ABSENT, "extra_forbidden", "value_error"}:
        message += shown(error["input"])
    return sheet.fault(loc, message, missing=kind in ABSENT)


def shown(value: object) -> str:
    """Show a single value, shortened; nothing for lists and mappings."""
    if isinstance(value, dict | list | tuple):
        return ""
    text = str(value)
    return f" (here: {text[:40]}{'…' if len(text) > 40 else ''})"
