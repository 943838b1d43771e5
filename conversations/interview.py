"""A person before a questionnaire: the branch they are on, what stands on the screen, and the ways to go on."""

from dataclasses import dataclass, replace

from conversations.places import Answer, Place, Turn
from conversations.questions import Note, Questionnaire, SeveralQuestion, Shown
from conversations.text import Words, excerpt, filled
from locales.phrases import Say

RECALLED = 200  # characters of an earlier answer that a later text repeats
NAMED = 60  # characters of a question's name in a remark


def walk(form: Questionnaire, answers: dict[str, Answer]) -> tuple[tuple[Shown, ...], dict[str, Answer]]:
    """Return the branch that the answers lead along, and those of them that lie on it, in its order.

    One pass: a condition looks back only, and sees only answers that are on the branch themselves.
    """
    path: list[Shown] = []
    kept: dict[str, Answer] = {}
    for step in form.steps:
        if step.when is None or step.when.true(kept):
            path.append(step)
            answer = answers.get(step.id)
            if answer:
                kept[step.id] = answer
    return tuple(path), kept


@dataclass(frozen=True, slots=True)
class Partner:
    """Whom we talk with: their language, our voice in it, and how the names of their own union are written.

    `names` are as `conversations.own_names.spoken` gives them; they are pointed out in words before these are kept.
    """

    lang: str
    say: Say
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Interview:
    """A questionnaire, a place in it, and a voice. `path` is the branch, `answers` what was said on it."""

    form: Questionnaire
    place: Place
    lang: str
    say: Say
    path: tuple[Shown, ...]
    answers: dict[str, Answer]
    names: tuple[str, ...] = ()

    @classmethod
    def at(cls, form: Questionnaire, place: Place, partner: Partner) -> "Interview":
        """Open the interview at a place."""
        return cls(form, place, partner.lang, partner.say, *walk(form, place.answers), partner.names)

    @property
    def step(self) -> Shown | None:
        """What stands on the screen; None is the review. A place that is no longer known becomes the first open."""
        for step in self.path:
            if step.id == self.place.waiting_on:
                return step
        return first_open(self.path, self.answers)

    @property
    def complete(self) -> bool:
        """Whether nothing on the branch is left open."""
        return len(self.answers) == len(self.path)

    def length(self) -> int:
        """Return how many questions the branch has; one whose condition is not decided yet counts too.

        So the end never moves away from a person who goes forward.
        """
        taken = {step.id for step in self.path}
        undecided = taken - self.answers.keys()
        total = 0
        for step in self.form.steps:
            if step.id not in taken:
                if step.when is None or not step.when.names & undecided:
                    continue
                undecided.add(step.id)
            total += not isinstance(step, Note)
        return total

    def before(self, step: Shown) -> Shown | None:
        """Return what comes before a step on the branch."""
        index = [each.id for each in self.path].index(step.id)
        return self.path[index - 1] if index else None

    def told(self, step: Shown) -> str:
        """Put the answer to a step into words; "" where it was passed over or not yet asked."""
        answer = self.answers.get(step.id)
        if answer is None or answer.skipped:
            return ""
        return self.say("engine.decline") if answer.declined else step.told(answer, self.lang)

    def text(self, words: Words) -> str:
        """Return a text with the earlier answers that it recalls."""
        return filled(words.in_(self.lang), self._recalled)

    def _recalled(self, name: str) -> str:
        answer = self.answers.get(name)
        if answer is None or not answer.given:
            return self.say("engine.recall.none")
        return excerpt(self.form.by_id[name].told(answer, self.lang), RECALLED)

    def stay(self, *notices: str) -> Turn:
        """Leave everything as it is."""
        return Turn(self.place, notices)

    def open(self, step: Shown, *, returning: bool) -> Turn:
        """Go to a step, with what was ticked there before."""
        return Turn(moved(self.place, step, self.answers, returning=returning))

    def onward(self) -> Turn:
        """Go to the first open step of the branch, or else to the review."""
        return Turn(moved(self.place, first_open(self.path, self.answers), self.answers, self.place.returning))

    def put(self, step: Shown, answer: Answer) -> Turn:
        """Keep an answer and go onward; answers of a branch no longer taken are dropped, and named in a notice."""
        path, kept = walk(self.form, {**self.answers, step.id: answer})
        place = moved(self.place, first_open(path, kept), kept, self.place.returning)
        lost = [each for each in self.path if each.id not in kept and self._matters(each)]
        if not lost:
            return Turn(place)
        names = "; ".join(excerpt(each.name(self.lang), NAMED) for each in lost)
        return Turn(place, (self.say("engine.dropped", names=names),))

    def _matters(self, step: Shown) -> bool:
        answer = self.answers.get(step.id)
        return answer is not None and not answer.skipped and not isinstance(step, Note)


def first_open(path: tuple[Shown, ...], answers: dict[str, Answer]) -> Shown | None:
    """Return the first step without an answer."""
    return next((step for step in path if step.id not in answers), None)


def moved(place: Place, step: Shown | None, answers: dict[str, Answer], returning: bool = False) -> Place:
    """Return the place at a step, or at the review (None), with what was passing laid aside."""
    ticked: tuple[str, ...] = ()
    if isinstance(step, SeveralQuestion) and step.id in answers:
        ticked = tuple(answers[step.id].value)
    return replace(
        place,
        waiting_on=step.id if step else "",
        answers=answers,
        returning=returning and step is not None,
        ticked=ticked,
        offered=None,
        proposed=None,
        found=(),
        page=1,
    )
