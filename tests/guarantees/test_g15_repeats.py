"""G15: however often one question is put, over all periods and questionnaires together no combination of its figures
tells of fewer than k people.

Within one questionnaire everybody is published once. The same words in a second questionnaire, whose groups hold partly
the same people, are refused by the check of a pack and at the start, and left out at the release if they get there.
"""

from pathlib import Path
from random import Random

import pytest
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.foundation import lay
from bot.settings import OperatorError, Settings
from conversations.questions import Questionnaire
from conversations.repeats import repeats, wording
from conversations.text import Words
from handlers.histograms import histograms, pack_histograms
from models import answers
from models.ledger import ledger_figure, ledger_set
from models.release import repeated
from models.released import release_group, released_count, released_question, released_wording
from tests.guarantees.ledgers import Books
from tests.guarantees.linear import Figure, least
from tests.guarantees.tour import glance
from tests.guarantees.town import CANTEEN, LIFE, Given, K, Town, populated
from tests.guarantees.unions import history

SIZES = {"xa-1": 8, "xa-2": 6, "huyen-b": 7}
SAID: Given = {"viec-lam": "on", "quan-tam": ("luong",)}
AGAIN = Questionnaire.model_validate(
    {
        "id": "lan-nua",
        "title": {"vi": "Hỏi lần nữa"},
        "opens": "2019-11-08",
        "closes": "2020-03-31",
        "questions": [
            {**LIFE.questions[0].model_dump(by_alias=True, exclude_defaults=True), "id": "viec", "kind": "choice"}
            | {"text": {"vi": "Việc  làm của ANH/CHỊ ?"}},
            {"id": "khac", "kind": "date", "text": {"vi": "Anh/chị sinh ngày nào?"}},
        ],
    }
)


@pytest.fixture
async def town(conn: AsyncConnection, tmp_path: Path) -> Town:
    """Where a pack asks one question in two questionnaires, which no check has let through."""
    return await populated(conn, tmp_path / "town", SIZES, LIFE, AGAIN)


async def _of_one_question(books: Books, questions: set[str]) -> list[Figure]:
    """Every set of people of whom a figure of these questions was given out, in whatever questionnaire."""
    conn = books.town.conn
    sets: dict[str, set[str]] = {}
    rows = select(ledger_set).join(ledger_figure, ledger_figure.c.set_id == ledger_set.c.set_id)
    for row in await conn.execute(rows.where(ledger_figure.c.question.in_(questions))):
        sets.setdefault(row.set_id, set()).add(row.group_id)
    return [{one: 1 for group in groups for one in books.members[group]} for groups in sets.values()]


async def test_over_all_periods_of_a_questionnaire_everybody_is_published_once(town: Town) -> None:
    books, published = Books(town), []
    people = [f"{code}.{number}" for code, size in SIZES.items() for number in range(size)]
    for period, answering in zip(("2020-01", "2020-02", "2020-03"), (people[:8], people[8:16], people), strict=True):
        for who in answering:
            stage = await answers.stage(town.conn, (await town.person(who)).id, "doi-song")
            if stage in ("released", "withheld"):
                assert "q:doi-song" in {tap.partition(".")[2] for tap in await _home(town, who)}
                await town.tap(who, "q:doi-song")
                assert await answers.stage(town.conn, (await town.person(who)).id, "doi-song") == stage
            elif stage == "none":
                await town.answer(who, "doi-song", SAID)
        await books.close_all(period)
        await glance(town, "canbo")
        published.append(len(books.members))
    assert published[0] < published[-1]
    everybody = [one for members in books.members.values() for one in members]
    assert len(everybody) == len(set(everybody))
    assert least(await _of_one_question(books, {"viec-lam"}), Random(1)) >= K


async def _home(town: Town, who: str) -> list[str]:
    screen = await town.say(who, "/start")
    return [button.tap for row in screen.buttons for button in row]


async def test_the_same_question_elsewhere_is_left_out_at_the_release(town: Town) -> None:
    books = Books(town)
    for code, size in SIZES.items():
        for number in range(size):
            await town.answer(f"{code}.{number}", "doi-song", SAID)
            if (code, number) != ("xa-1", 0):  # who alone is in one group and not in the other
                await town.answer(f"{code}.{number}", "lan-nua", {"viec": "on", "khac": "1980-01-01"})
    await books.close_all("2020-01")
    await glance(town, "canbo")
    conn = town.conn
    kept = (await conn.execute(select(released_count.c.question).distinct())).scalars().all()
    assert {"viec-lam", "khac"} <= set(kept)
    assert "viec" not in kept
    assert "viec" not in (await conn.execute(select(released_question.c.question))).scalars().all()
    assert least(await _of_one_question(books, {"viec-lam", "viec"}), Random(2)) >= K
    names = {row.id: row.questionnaire for row in await conn.execute(select(release_group))}
    both = [dict.fromkeys(members, 1) for members in books.members.values()]
    assert set(names.values()) == {"doi-song", "lan-nua"}
    assert least(both, Random(2)) == 1  # what it would have told, of one person


async def test_the_same_question_elsewhere_is_found_before_anything_starts(town: Town) -> None:
    for number in range(8):
        await town.answer(f"xa-1.{number}", "doi-song", SAID)
    asked = pack_histograms(town.house.pack)
    assert await repeated(town.conn, asked) == []
    await town.close_all("2020-01")
    (fault,) = await repeated(town.conn, asked)
    assert fault.startswith("lan-nua: viec asks again what doi-song asked and published")


def test_the_check_of_a_pack_refuses_the_same_question_twice() -> None:
    found = [(form.id, question) for form, question, _ in repeats([LIFE, CANTEEN, AGAIN])]
    assert found == [("lan-nua", "viec")]
    assert wording(LIFE.steps[0]) == wording(AGAIN.steps[0])  # marks, spaces and capitals make no other question
    assert list(repeats([LIFE, CANTEEN])) == []


async def test_a_house_does_not_start_with_a_question_that_another_has_published(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, _env_file=None)
    foundation = await lay(settings)
    form, question = next((form, step) for form in foundation.house.pack.questionnaires.values() for step in form.steps)
    async with foundation.engine.begin() as conn:
        of_last_year = {"questionnaire": "nam-ngoai", "wording": wording(question)}
        await conn.execute(insert(released_wording), of_last_year)
    await foundation.close()
    with pytest.raises(OperatorError, match=f"{form.id}: {question.id} asks again what nam-ngoai asked and published"):
        await lay(settings)


def changed(questions: tuple[object, ...]) -> Questionnaire:
    fields = {name: getattr(LIFE, name) for name in Questionnaire.model_fields}
    return Questionnaire.model_validate({**fields, "questions": questions})


def test_the_check_of_a_questionnaire_refuses_one_question_asked_twice_of_the_same_people() -> None:
    (first, *_rest) = LIFE.steps
    again = changed((*LIFE.questions, first.model_copy(update={"id": "lan-hai"})))
    assert [question for _, question, _ in repeats([again])] == ["lan-hai"]


def test_a_question_keeps_the_words_that_it_had_in_earlier_versions() -> None:
    (first, *rest) = LIFE.questions
    reworded = changed((first.model_copy(update={"text": Words({"vi": "Khác"})}), *rest))
    found = histograms([LIFE, reworded])[first.id]
    assert found.wordings == {wording(LIFE.steps[0]), wording(reworded.steps[0])}
    assert len(found.wordings) == 2


def test_one_question_put_every_month_to_whoever_comes_would_be_seen() -> None:
    """What the rule prevents: the same people counted in a new group each month, with one or two come and gone."""
    leaks = 0
    for seed in range(40):
        first, _ = history(seed, periods=3)
        chance = Random(seed)
        monthly = [
            {one: 1 for group in first.groups for one in group.members if chance.random() < 0.97} for _ in range(3)
        ]
        shown = [month for month in monthly if len(month) >= first.patience.k]
        leaks += bool(shown) and least(shown, chance) < first.patience.k
    assert leaks > 20
