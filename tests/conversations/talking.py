"""A person in front of a questionnaire, for tests: taps, types, and looks at the screen."""

from pathlib import Path
from typing import Any

import yaml

from conversations import engine
from conversations.engine import Place, Turn
from conversations.questions import Questionnaire
from conversations.screens import Said, Screen, Unclear
from conversations.typed import understand
from locales.phrases import Say, load

ALL_KINDS = Path(__file__).with_name("all_kinds.yaml")
VOICES = {lang: load().voice(lang) for lang in ("vi", "en")}


def questionnaire(*questions: dict[str, Any], **fields: Any) -> Questionnaire:
    """A questionnaire of these questions; what each leaves out is filled in."""
    full = [{"text": f"Câu {number}?", **question} for number, question in enumerate(questions, start=1)]
    shape = {"id": "thu", "title": "Thử", "opens": "2020-01-01", "closes": "2020-12-31", "questions": full}
    return Questionnaire.model_validate({**shape, **fields})


def all_kinds() -> Questionnaire:
    """The questionnaire with every kind."""
    return Questionnaire.model_validate(yaml.safe_load(ALL_KINDS.read_text(encoding="utf-8")))


def choice(id: str, *options: str, **fields: Any) -> dict[str, Any]:
    """A question with options named by their ids."""
    return {"kind": "choice", "id": id, "options": [{"id": each, "text": each.upper()} for each in options], **fields}


def several(id: str, *options: str, **fields: Any) -> dict[str, Any]:
    """A list of several; an option ending in "!" is exclusive."""
    listed = [{"id": each.rstrip("!"), "text": each.upper(), "exclusive": each.endswith("!")} for each in options]
    return {"kind": "several", "id": id, "options": listed, **fields}


def number(id: str, **fields: Any) -> dict[str, Any]:
    """A number that is counted in two bands, below 10 and from 10 on."""
    bands = [{"id": "it", "text": "Ít", "below": 10}, {"id": "nhieu", "text": "Nhiều", "from": 10}]
    return {"kind": "number", "id": id, "bands": bands, **fields}


class Person:
    """Somebody who answers; every place is written to JSON and read again, as between two messages."""

    def __init__(self, form: Questionnaire, *, lang: str = "vi", seed: int = 1, names: tuple[str, ...] = ()) -> None:
        self.form, self.lang, self.say, self.names = form, lang, VOICES[lang], names
        self.place = engine.begin(form, seed)
        self.notices: tuple[str, ...] = ()
        self.outcome = "asked"

    say: Say

    @property
    def screen(self) -> Screen:
        return engine.ask(self.form, self.place, self.lang, self.say)

    @property
    def at(self) -> str:
        return self.place.waiting_on

    @property
    def values(self) -> dict[str, Any]:
        """The answers as values; "declined" and "skipped" likewise."""
        return {
            name: answer.value if answer.given else "declined" if answer.declined else "skipped"
            for name, answer in self.place.answers.items()
        }

    def apply(self, said: Said) -> Turn:
        turn = engine.reply(self.form, self.place, said, engine.Partner(self.lang, self.say, self.names))
        self.place = Place.from_json(turn.place.to_json())
        assert self.place == turn.place
        self.notices, self.outcome = turn.notices, turn.outcome
        return turn

    def tap(self, *actions: str) -> "Person":
        """Tap what the screen offers, one after the other."""
        for action in actions:
            assert self.screen.offers(action), f"{action} is not on the screen: {self.screen}"
            self.apply(Said(action))
        return self

    def type(self, *texts: str) -> "Person":
        """Type whole messages; what chooses nothing must be an answer in words."""
        for text in texts:
            said = understand(self.screen, text)
            assert not isinstance(said, Unclear), f"{text!r} chooses nothing on {self.screen}"
            self.apply(Said(text=text) if said.text else said)
        return self

    def labels(self) -> list[str]:
        return [each.label for each in self.screen.choices]

    def nav(self) -> list[str]:
        return [each.action for each in self.screen.nav]
