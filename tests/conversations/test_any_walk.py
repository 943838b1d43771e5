"""Whatever a person does, in any order: the answers are those of somebody who gave the last ones straight away."""

from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from conversations import engine
from conversations.engine import Answer
from conversations.places import Value
from conversations.questions import Note, Questionnaire
from conversations.screens import Said
from conversations.typed import understand
from tests.conversations.talking import Person, all_kinds, choice, number, questionnaire, several

OPTIONS = ("x", "y", "z")
TYPED = (
    *("5", "12,5", "-3", "99999", "15/1/2020", "31/12/1999", "Tăng lương", "C«ng ®oµn c¬ së", "{q0}", " ", "có"),
    *("Gọi 0912 345 678", "Hỏi @hoa_nguyen", "Gọi [số điện thoại]"),
    "ă" * 5000,
)
TEST = {
    "choice": ("{0} == x", "{0} != y", "declined {0}"),
    "several": ("{0} has x", "{0} has y or {0} has z"),
    "number": ("{0} > 3", "{0} <= 10.5"),
    "scale": ("{0} >= 2", "{0} == 1"),
    "date": ("{0} < 2010-01-01",),
    "words": ("answered {0}",),
    "unit": ("answered {0}",),
}


def shape(kind: str, id: str) -> dict[str, Any]:
    """A question of a kind; lists and choices also decline."""
    match kind:
        case "choice":
            return choice(id, *OPTIONS, decline=True)
        case "several":
            return several(id, "x", "y", "z!", max=2, shuffle=True)
        case "number":
            return number(id, min=-5, max=1000)
        case "scale":
            return {"kind": "scale", "id": id, "from": 0, "to": 3, "decline": True}
    return {"kind": kind, "id": id}


@st.composite
def forms(draw: st.DrawFn) -> Questionnaire:
    """A questionnaire of up to seven questions that hang on earlier ones."""
    kinds = draw(st.lists(st.sampled_from([*TEST, "note"]), min_size=1, max_size=6))
    asked: list[dict[str, Any]] = [shape(kind, f"q{index}") for index, kind in enumerate([*kinds, "choice"])]
    for index, each in enumerate(asked):
        earlier = [before for before in asked[:index] if before["kind"] != "note"]
        if draw(st.booleans()) and earlier:
            before = draw(st.sampled_from(earlier))
            when = draw(st.sampled_from(TEST[before["kind"]])).format(before["id"])
            each["when"] = draw(st.sampled_from(["{0}", "not ({0})"])).format(when)
            each |= {"text": f"Vì {{{before['id']}}}?", "short": "Vì sao"}
        if each["kind"] != "note":
            each["required"] = draw(st.booleans())
    return questionnaire(*asked)


def step(person: Person, draw: st.DrawFn) -> None:
    """Do one thing that the screen offers, or type something."""
    screen = person.screen
    actions = [each.action for each in (*screen.choices, *screen.nav)]
    if screen.typed and draw(st.booleans()):
        person.apply(Said(text=draw(st.sampled_from(TYPED))))
    else:
        person.apply(Said(draw(st.sampled_from(actions))))
    if person.outcome.startswith("search:"):
        person.place = engine.found(person.form, person.place, [("u1", "Đơn vị 1"), ("u2", "Đơn vị 2")])


def finish(person: Person, wanted: dict[str, Answer]) -> Person:
    """Go forward, giving the wanted answers, or whatever is left where there are none."""
    for _ in range(100):
        if not person.at:
            return person
        for said in sayings(person, wanted.get(person.at)):
            if person.apply(said).outcome.startswith("search:"):
                label = wanted[person.at].label if person.at in wanted else "Đơn vị"
                person.place = engine.found(person.form, person.place, [(said.text, label)])
    raise AssertionError(f"never finished: {person.place}")


def sayings(person: Person, answer: Answer | None) -> Iterator[Said]:
    """What gives an answer to the question on the screen; without one, the plainest there is."""
    form = person.form.by_id[person.at]
    if isinstance(form, Note):
        yield Said("next")
    elif answer is not None and not answer.given:
        yield Said("decline" if answer.declined else "skip")
    elif form.kind in ("choice", "scale"):
        yield Said(f"o:{answer.value if answer else ('x' if form.kind == 'choice' else '1')}")
    elif form.kind == "several":
        wanted = answer.value if answer else ("x",)
        for each in list(form.keys()):
            yield Said(("+" if each in wanted else "-") + each)
        yield Said("done")
    elif form.kind == "unit":
        unit = str(answer.value) if answer else "u1"
        yield from (Said(text=unit), Said(f"u:{unit}"))
    else:
        plain = {"number": "5", "date": "15/1/2020", "words": "Lời"}[form.kind]
        yield Said(text=str(answer.value).replace(".", ",") if answer else plain)
        if person.place.offered:
            yield Said("keep" if answer and answer.value == person.place.offered[0] else "convert")
        if person.place.proposed:
            yield Said("keep" if answer and answer.value == person.place.proposed.typed else "mask")


def path(form: Questionnaire, answers: dict[str, Answer]) -> list[str]:
    """The branch, told once more and differently."""
    taken: list[str] = []
    for each in form.steps:
        if each.when is None or each.when.true({name: answers[name] for name in taken if name in answers}):
            taken.append(each.id)
    return taken


@settings(max_examples=150)
@given(forms(), st.data())
def test_any_walk_ends_as_the_direct_walk_with_its_last_answers(form: Questionnaire, data: st.DataObject) -> None:
    person = Person(form, seed=data.draw(st.integers(0, 9)))
    for _ in range(data.draw(st.integers(0, 25))):
        data.draw(st.composite(lambda draw: step(person, draw))())
        assert set(person.place.answers) <= set(path(form, person.place.answers))
    finish(person, {})
    direct = finish(Person(form), person.place.answers)
    assert direct.place.answers == person.place.answers
    assert list(person.place.answers) == path(form, person.place.answers)
    assert person.tap("send").outcome == "sent"
    assert person.values == direct.values


@settings(max_examples=150)
@given(forms(), st.data())
def test_the_header_is_never_past_its_end_which_never_moves_away(form: Questionnaire, data: st.DataObject) -> None:
    person, last = Person(form), 10**6
    while person.at:
        title = person.screen.title
        if title:
            now, total = (int(part) for part in title.removeprefix("Câu ").split(" ")[0].split("/"))
            assert 1 <= now <= total <= last
            assert title.count("▰") + title.count("▱") == 10
            last = total
        said = data.draw(st.sampled_from([Answer("x"), Answer("y"), None]))
        kind = form.by_id[person.at].kind
        finish_one(person, said if kind in ("choice", "several") else None)


def finish_one(person: Person, answer: Answer | None) -> None:
    """Answer the question on the screen."""
    for said in sayings(person, answer):
        if person.apply(said).outcome.startswith("search:"):
            person.place = engine.found(person.form, person.place, [("u1", "Đơn vị")])


ACTIONS = (
    *(
        "back",
        "next",
        "skip",
        "decline",
        "stop",
        "send",
        "done",
        "keep",
        "convert",
        "mask",
        "anew",
        "+x",
        "-x",
        "+x -y done",
    ),
    *("o:x", "o:", "edit:q0", "edit:", "page:2", "page:", "u:u1", "u:", "+", "-", ":"),
)
actions = st.text(max_size=60) | st.sampled_from(ACTIONS)


@settings(max_examples=100)
@given(forms(), st.lists(st.tuples(actions, st.one_of(st.text(), st.sampled_from(TYPED))), max_size=25))
def test_nothing_that_comes_in_raises(form: Questionnaire, inputs: list[tuple[str, str]]) -> None:
    person = Person(form)
    for action, text in inputs:
        for said in (Said(action), Said(text=text), Said(action, text), understand(person.screen, text)):
            if isinstance(said, Said):
                assert person.apply(said).outcome.partition(":")[0] in ("asked", "sent", "stopped", "search")
        assert set(person.place.answers) <= set(path(form, person.place.answers))
        assert all(each.action.isascii() and len(each.action) <= 48 for each in person.screen.choices)
        assert engine.counted(form, person.place.answers) is not None


def test_every_kind_is_walked() -> None:
    said: dict[str, Value] = {
        "viec-lam": "lo-mat-viec",
        "quan-tam": ("luong",),
        "hai-long.bua-an": "2",
        "hai-long.nha-tre": "2",
    }
    person = finish(Person(all_kinds()), {name: Answer(value) for name, value in said.items()})
    assert list(person.place.answers) == [step.id for step in person.form.steps]
