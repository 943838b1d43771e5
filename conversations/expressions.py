"""Conditions on earlier answers: `job == lost and not (worry has wage or answered words)`. Small, and never executed.

    or:    and ("or" and)*          and: not ("and" not)*          not: "not" not | test
    test:  "(" or ")" | "answered" id | "declined" id | id "has" option | id (== != < > <= >=) value

A comparison with a question that has no value (not asked, passed over, declined) is false, `!=` too. Parsed once,
when a questionnaire is loaded; at most 500 characters and 10 levels.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from conversations.places import Answer

LONGEST = 500
DEEPEST = 10
KEYWORDS = frozenset({"and", "or", "not", "has", "answered", "declined"})

_TOKEN = re.compile(r"\s*(==|!=|<=|>=|<|>|\(|\)|[a-z0-9-]+(?:\.[a-z0-9-]+)?|\S)")
_NUMBER = re.compile(r"-?\d{1,18}(\.\d{1,18})?")
_SIGNS = frozenset({"==", "!=", "<", ">", "<=", ">="})

Answers = Mapping[str, Answer]
Test = Callable[[Answers], bool]


class ExpressionFault(ValueError):
    """A condition that cannot be read; the message says what and where."""


@dataclass(frozen=True, slots=True)
class Mention:
    """One test on a question, for the loader to check: `sign` is ==, !=, <, >, <=, >=, has, answered or declined."""

    name: str
    sign: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Expression:
    """A condition that was read: its source, the tests it makes, the questions it looks at, and its truth."""

    source: str
    mentions: tuple[Mention, ...] = field(compare=False, repr=False)
    names: frozenset[str] = field(compare=False, repr=False)
    true: Test = field(compare=False, repr=False)


def parse(source: str) -> Expression:
    """Read a condition; raise ExpressionFault for anything outside the grammar."""
    if len(source) > LONGEST:
        raise ExpressionFault(f"the condition is longer than {LONGEST} characters")
    reader = _Reader(source)
    test = reader.either(0)
    if reader.peek():
        raise reader.fault(f"'{reader.peek()}' is not expected here")
    names = frozenset(mention.name for mention in reader.mentions)
    return Expression(source, tuple(reader.mentions), names, test)


def _compared(mention: Mention) -> Test:
    """Compare as numbers where both are, as text (an id, an ISO date) otherwise."""
    name, sign, right = mention.name, mention.sign, mention.value
    number = Decimal(right) if _NUMBER.fullmatch(right) else None

    def test(answers: Answers) -> bool:
        answer = answers.get(name)
        if answer is None or not answer.given or not isinstance(answer.value, str):
            return False
        left = answer.value
        if number is None:
            return _ordered(sign, (left > right) - (left < right))
        if not _NUMBER.fullmatch(left):
            return sign == "!="  # an option beside a scale is on no side of a step
        return _ordered(sign, (Decimal(left) > number) - (Decimal(left) < number))

    return test


def _ordered(sign: str, order: int) -> bool:
    """Tell whether `order` (-1, 0, 1) is what the sign asks for."""
    if order == 0:
        return sign in ("==", "<=", ">=")
    return sign == "!=" or sign.startswith("<" if order < 0 else ">")


def _held(mention: Mention) -> Test:
    name, option = mention.name, mention.value

    def test(answers: Answers) -> bool:
        answer = answers.get(name)
        return answer is not None and isinstance(answer.value, tuple) and option in answer.value

    return test


def _stated(mention: Mention) -> Test:
    name = mention.name
    if mention.sign == "declined":
        return lambda answers: name in answers and answers[name].declined
    return lambda answers: name in answers and answers[name].given


class _Reader:
    """Recursive descent over the tokens of one condition."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.tokens = [(found[1], found.start(1)) for found in _TOKEN.finditer(source)]
        self.at = 0
        self.mentions: list[Mention] = []

    def peek(self) -> str:
        return self.tokens[self.at][0] if self.at < len(self.tokens) else ""

    def take(self) -> str:
        token = self.peek()
        self.at += 1
        return token

    def fault(self, why: str) -> ExpressionFault:
        place = self.tokens[self.at][1] + 1 if self.at < len(self.tokens) else len(self.source) + 1
        return ExpressionFault(f"condition '{self.source}', character {place}: {why}")

    def either(self, depth: int) -> Test:
        tests = [self.both(depth)]
        while self.peek() == "or":
            self.take()
            tests.append(self.both(depth))
        return tests[0] if len(tests) == 1 else lambda answers: any(test(answers) for test in tests)

    def both(self, depth: int) -> Test:
        tests = [self.negation(depth)]
        while self.peek() == "and":
            self.take()
            tests.append(self.negation(depth))
        return tests[0] if len(tests) == 1 else lambda answers: all(test(answers) for test in tests)

    def negation(self, depth: int) -> Test:
        if depth > DEEPEST:
            raise self.fault(f"more than {DEEPEST} levels")
        if self.peek() != "not":
            return self.test(depth)
        self.take()
        inner = self.negation(depth + 1)
        return lambda answers: not inner(answers)

    def test(self, depth: int) -> Test:
        if self.peek() == "(":
            self.take()
            inner = self.either(depth + 1)
            if self.peek() != ")":
                raise self.fault("a closing parenthesis is missing")
            self.take()
            return inner
        if self.peek() in ("answered", "declined"):
            sign = self.take()
            return _stated(self.mention(Mention(self.word("a question's id"), sign)))
        return self.comparison()

    def comparison(self) -> Test:
        name, sign = self.word("a question's id"), self.peek()
        if sign == "has":
            self.take()
            return _held(self.mention(Mention(name, sign, self.word("an option's id"))))
        if sign not in _SIGNS:
            raise self.fault("one of == != < > <= >= has is expected")
        self.take()
        return _compared(self.mention(Mention(name, sign, self.word("a value"))))

    def word(self, what: str) -> str:
        token = self.peek()
        if not token or token in KEYWORDS or not re.match(r"[a-z0-9-]", token):
            raise self.fault(f"{what} is expected")
        return self.take()

    def mention(self, mention: Mention) -> Mention:
        self.mentions.append(mention)
        return mention
