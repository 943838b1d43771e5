"""What each person of a walk will have said in the end, and how they get there: known before anybody starts."""

import random
from dataclasses import dataclass

from conversations.interview import walk
from conversations.places import DECLINED, READ, SKIPPED, Answer
from conversations.questions import (
    Asked,
    ChoiceQuestion,
    Note,
    Questionnaire,
    ScaleQuestion,
    SeveralQuestion,
    Shown,
    WordsQuestion,
)

CANARY = "Chim-vành-khuyên"  # stands in every word that people write, and may stand in no file and no log
Answers = dict[str, Answer]
TAILS = (
    "xin tăng bữa ăn ca.",
    "mong công đoàn hỏi thăm tổ ca đêm nhiều hơn!",
    "đường đi làm xa, xin có xe đưa đón\nvà chỗ nghỉ trưa.",
    "1. lương; 2. thưởng Tết; 3. nhà trẻ",
    "không đồng ý một phần, vì <văn bản> còn dài & khó đọc 🙂",
)


@dataclass(frozen=True)
class Plan:
    """One person's answers: those given at first and those meant in the end, for every step, on the branch or not.

    `turned` are steps whose first answer is taken back at once; other differences are put right on the review.
    """

    number: int
    order: tuple[str, ...]
    first: dict[str, Answers]
    final: dict[str, Answers]
    turned: frozenset[str]

    def expected(self, form: Questionnaire) -> Answers:
        """What the record must hold in the end: the meant answers on the branch that they take."""
        return walk(form, self.final[form.id])[1]

    @property
    def words(self) -> str:
        """What stands in all that this person writes, and in nothing that others do."""
        return f"{CANARY} {self.number:04d}"


def planned(number: int, forms: dict[str, Questionnaire]) -> Plan:
    """Draw a person's plan; the same number gives the same plan."""
    lots = random.Random(number)
    order = tuple(lots.sample(sorted(forms), len(forms)))
    final = {id: {step.id: _answer(step, number, lots) for step in form.steps} for id, form in forms.items()}
    first = {id: _first(forms[id], answers, number, lots) for id, answers in final.items()}
    changed = [step for id in order for step, answer in final[id].items() if first[id][step] != answer]
    return Plan(number, order, first, final, frozenset(step for step in changed if lots.random() < 0.6))


def _first(form: Questionnaire, final: Answers, number: int, lots: random.Random) -> Answers:
    redrawn = {step.id: _answer(step, number, lots) for step in form.steps if lots.random() < 0.15}
    return {**final, **redrawn}


def _answer(step: Shown, number: int, lots: random.Random) -> Answer:
    if isinstance(step, Note) or not isinstance(step, Asked):
        return READ
    lot = lots.random()
    if lot < 0.1 and not step.required:
        return SKIPPED
    if lot < 0.2 and step.decline:
        return DECLINED
    if isinstance(step, ChoiceQuestion | ScaleQuestion):
        return Answer(lots.choice(sorted(step.keys())))
    if isinstance(step, SeveralQuestion):
        return Answer(_several(step, lots))
    assert isinstance(step, WordsQuestion)
    return Answer(f"{CANARY} {number:04d} {step.id} {lots.randrange(10**6)}: {lots.choice(TAILS)}")


def _several(step: SeveralQuestion, lots: random.Random) -> tuple[str, ...]:
    alone = [option.id for option in step.options if option.exclusive]
    together = sorted(option.id for option in step.options if not option.exclusive)
    if alone and lots.random() < 0.1:
        return (lots.choice(alone),)
    return tuple(sorted(lots.sample(together, lots.randint(1, min(step.most, 3)))))
