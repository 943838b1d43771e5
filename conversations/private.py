"""What is neither asked nor shown where others can read along: opinions, and whatever is said in own words."""

from collections.abc import Mapping

from conversations.interview import Interview
from conversations.places import Answer
from conversations.questions import Questionnaire, WordsQuestion


def private(interview: Interview) -> bool:
    """Tell whether the screen of a place asks for, lists or recalls something that is private."""
    step = interview.step
    if interview.form.sensitive or isinstance(step, WordsQuestion):
        return True
    told = written(interview.form, interview.answers)
    return bool(told) if step is None else any(words.recalled & told for _, words in step.texts())


def written(form: Questionnaire, answers: Mapping[str, Answer]) -> frozenset[str]:
    """Name the questions that were answered in own words."""
    words = (step.id for step in form.steps if isinstance(step, WordsQuestion))
    return frozenset(id for id in words if id in answers and answers[id].given)
