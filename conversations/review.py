"""The review: all answers on one screen, each a tap away from being changed, before anything is sent."""

from dataclasses import dataclass, replace

from conversations.interview import Interview
from conversations.navigation import back, stop
from conversations.places import Turn
from conversations.questions import Note, Shown
from conversations.screens import Choice, Said, Screen
from conversations.text import excerpt

PAGE = 8
NAMED = 80  # characters of a question on the review
TOLD = 160  # characters of an answer on the review; the whole stands on the question's own screen


@dataclass(frozen=True, slots=True)
class Line:
    """One question of the branch with its answer in full words; `number` as in the header of its screen."""

    number: int
    question: str
    name: str
    told: str

    @property
    def asked(self) -> str:
        """The question as a list heads it; a question mark needs no colon."""
        return self.name if self.name.endswith("?") else f"{self.name}:"


def lines(interview: Interview) -> list[Line]:
    """Return every question of the branch and what was said to it."""
    asked = [step for step in interview.path if not isinstance(step, Note)]
    return [
        Line(number, step.id, step.name(interview.lang), interview.told(step) or _untold(interview, step))
        for number, step in enumerate(asked, start=1)
    ]


def _untold(interview: Interview, step: Shown) -> str:
    return interview.say("engine.skipped" if step.id in interview.answers else "engine.recall.none")


def screen(interview: Interview) -> Screen:
    """Show a page of the answers."""
    say, place = interview.say, interview.place
    all_lines = lines(interview)
    pages = max(1, -(-len(all_lines) // PAGE))
    page = min(place.page, pages)
    shown = all_lines[(page - 1) * PAGE : page * PAGE]
    listed = "\n".join(f"{line.number}. {excerpt(line.asked, NAMED)} {excerpt(line.told, TOLD)}" for line in shown)
    choices = [Choice(f"edit:{line.question}", say("engine.review.edit", n=line.number)) for line in shown]
    if page > 1:
        choices.append(Choice(f"page:{page - 1}", say("engine.review.before", n=page - 1, total=pages)))
    if page < pages:
        choices.append(Choice(f"page:{page + 1}", say("engine.review.after", n=page + 1, total=pages)))
    send = say("engine.review.done") if place.sent else say("engine.review.send")
    choices.append(Choice("send", send, style="primary"))
    lead = say("engine.review.sent") if place.sent else say("engine.review.lead")
    return Screen(
        text=f"{lead}\n\n{listed}",
        title=say("engine.review.title"),
        choices=tuple(choices),
        nav=(back(interview), stop(interview)),
        columns=2,
    )


def act(interview: Interview, said: Said) -> Turn:
    """Send, turn the page, jump to a question, go back or stop; anything else changes nothing."""
    verb, _, name = said.action.partition(":")
    place = interview.place
    if verb == "stop":
        return Turn(place, (), "stopped")
    if verb == "send":
        return Turn(replace(place, answers=interview.answers, sent=True), (), "sent")
    if verb == "back":
        return interview.open(interview.path[-1], returning=False)
    if verb == "page" and name.isascii() and name.isdigit():
        pages = -(-len(interview.path) // PAGE)
        return Turn(replace(place, page=min(max(1, int(name[:4])), pages)))
    step = next((step for step in interview.path if step.id == name and not isinstance(step, Note)), None)
    if verb == "edit" and step:
        return interview.open(step, returning=True)
    return interview.stay(interview.say("engine.pick")) if said.text else interview.stay()
