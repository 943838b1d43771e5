"""Reads the numbers off rendered screens, and says what the ledger and the catalogue's own words account for."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import select

from models.ledger import PEOPLE, ledger_figure, set_of
from models.messages import Outbound
from models.noise import margin, variance
from models.released import release_group, released_question
from models.units import Tree
from models.veil import ANSWERED
from tests.guarantees.town import Town

NUMBER = re.compile(r"\d+(?:\.\d{3})*")
DATE = re.compile(r"\d{2}/\d{2}/\d{4}")
Values = Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class Account:
    """What a screen of a unit and questionnaire may tell: the ledger's values there, and how far off each may be."""

    values: Values
    errors: Mapping[str, int]

    @property
    def n(self) -> int:
        """How many people."""
        return self.values.get(PEOPLE, 0)

    def numbers(self, question: str) -> set[int]:
        """Every number that a question's figures justify: clamped, with their spans, and of a hundred who answered."""
        cells = {option: value for (of, option), value in self.values.items() if of == question}
        error, answered = self.errors.get(question, 0), self._clamped(cells.get(ANSWERED, 0))
        found = {self.n, error, answered}
        for value in cells.values():
            about = min(self._clamped(value), max(answered, 0))
            for each in (about, self._clamped(value)):
                found |= {each, max(each - error, 0), min(each + error, self.n)}
            if answered:
                found |= set(_shares(about, answered, error))
        return found

    def _clamped(self, value: int) -> int:
        return min(max(value, 0), self.n)


def _shares(about: int, answered: int, error: int) -> Iterator[int]:
    share = Fraction(about, answered)
    off = error * float(1 + share * share) ** 0.5 / answered
    middle = round(100 * share)
    yield middle
    if error:
        yield max(int(100 * (float(share) - off) // 1), 0)
        yield min(int(-(-100 * (float(share) + off) // 1)), 100)


async def account(town: Town, tree: Tree, unit: str, form: str) -> Account:
    """Read from the ledger what was given out of a unit's part of the tree; nothing where it holds no such set."""
    conn, part = town.conn, tree.subtree(unit)
    rows = (await conn.execute(select(release_group).where(release_group.c.questionnaire == form))).all()
    here = [row for row in rows if row.unit_id in part]
    its = ledger_figure.c
    found = await conn.execute(
        select(its.question, its.option, its.value).where(its.set_id == set_of(row.id for row in here))
    )
    values = {(row.question, row.option): row.value for row in found}
    assert not values or values[PEOPLE] == sum(row.n for row in here)  # whole groups, to the last person
    return Account(values, await _errors(town, form, Counter(row.period for row in here)))


async def _errors(town: Town, form: str, groups: Counter[str]) -> dict[str, int]:
    its = released_question.c
    spread: dict[str, float] = {}
    for row in await town.conn.execute(select(its.question, its.period, its.scale).where(its.questionnaire == form)):
        spread[row.question] = spread.get(row.question, 0.0) + groups[row.period] * variance(Fraction(row.scale))
    return {question: margin(whole) for question, whole in spread.items()}


def numbers(town: Town, screen: Outbound) -> Counter[int]:
    """The numbers of a screen that are not the catalogue's own words, nor those of the questionnaire, nor a date."""
    labels = [button.label for row in screen.buttons for button in row]
    said = "\n".join((screen.title, screen.text, *labels, screen.picture.alt if screen.picture else ""))
    texts = [text for each in town.house.pack.questionnaires.values() for text in _own_words(each.source)]
    for text in sorted(texts, key=len, reverse=True):
        said = said.replace(text, "")
    for pattern in _patterns(town):
        said = pattern.sub(lambda found: " ".join(group or "" for group in found.groups()), said)
    said = DATE.sub("", said)
    return Counter(int(found.replace(".", "")) for found in NUMBER.findall(said))


def _own_words(source: str) -> Iterator[str]:
    def walk(data: object) -> Iterator[str]:
        if isinstance(data, str) and NUMBER.search(data):
            yield data
        elif isinstance(data, dict | list):
            for each in data.values() if isinstance(data, dict) else data:
                yield from walk(each)

    yield from walk(json.loads(source))


def _patterns(town: Town) -> list[re.Pattern[str]]:
    """Phrases with numbers of their own, so that only the values put into them are left."""
    texts = [text for text in town.house.phrases.texts["vi"].values() if NUMBER.search(re.sub(r"\{.*?\}", "", text))]
    parts = (re.split(r"\{\w*\}", text) for text in sorted(texts, key=len, reverse=True))
    return [re.compile("(.{1,80}?)".join(map(re.escape, part))) for part in parts]
