"""What is said of one question, from a figure that is made up: exact or not, few or many, listed or open."""

from pathlib import Path

import pytest
import yaml
from sqlalchemy.ext.asyncio import AsyncConnection

from conversations.questions import Questionnaire
from handlers.charted import Charted, charted
from handlers.visit import Visit
from models.figures import Figure, Summary
from models.messages import Inbound
from models.people import guest
from tests.handlers.province import LATER, OFFICER, Province, province

KINDS = Path(__file__).parents[1] / "conversations" / "all_kinds.yaml"
FORM = Questionnaire.model_validate(yaml.safe_load(KINDS.read_text(encoding="utf-8")))
EQUALS = Figure(90, dict.fromkeys(("luong", "nha-o", "an-toan", "khac", "khong"), 30), 6)


@pytest.fixture
async def town(conn: AsyncConnection, tmp_path: Path) -> Province:
    return await province(conn, tmp_path)


def told(town: Province, question: str, figure: Figure, n: int = 100) -> Charted:
    """What the top of the tree is told of a question of the questionnaire with every kind."""
    visit = Visit(town.conn, town.house, guest("vi", "2019-12-01"), Inbound("1", OFFICER, LATER))
    summary = Summary(n, 1, n, {}, {question: figure}, ("2020-01",), False, "0", "0", {})
    return charted(visit, town.tree, town.tree.roots[0], summary, FORM.by_id[question])


async def test_an_exact_question_says_so_and_has_no_span(town: Province) -> None:
    many = told(town, "viec-lam", Figure(80, {"on-dinh": 60, "thieu-viec": 20}))
    assert many.words.startswith("80 người trả lời câu này. Câu này tính chính xác, không có sai số.\n")
    assert "• Ổn định: 75% (60 người)" in many.words
    assert "• Lo mất việc: 0% (0 người)" in many.words
    assert "hoảng" not in many.words
    few = told(town, "viec-lam", Figure(12, {"on-dinh": 12}), 12)
    assert "• Ổn định: 12 người" in few.words
    assert "%" not in few.words
    assert told(town, "viec-lam", Figure(0, {})).words == "Chưa có người nào trong các nhóm này trả lời câu này."


async def test_nearly_nobody_is_not_called_nobody(town: Province) -> None:
    many = told(town, "viec-lam", Figure(80, {"on-dinh": 81, "thieu-viec": -2}, 3))
    assert "• Ổn định: khoảng 100% (từ 94% đến 100%; khoảng 80 người)" in many.words
    assert "• Thiếu việc: khoảng 0% (từ 0% đến 4%; khoảng 0 người)" in many.words
    assert many.png
    assert "viec-lam" not in many.alt


@pytest.mark.parametrize("answered", [-5, 0, 3, 5])
async def test_a_question_that_few_answered_has_no_figure_at_all(town: Province, answered: int) -> None:
    few = told(town, "viec-lam", Figure(answered, {"on-dinh": 7}, 3))
    assert few.words.startswith("Chỉ có ít người trả lời câu này")
    assert "•" not in few.words
    assert (few.png, few.alt) == (b"", "")


async def test_the_most_chosen_is_named_only_where_it_can_be_told_apart(town: Province) -> None:
    clear = told(town, "quan-tam", Figure(90, {"luong": 60, "nha-o": 40, "khac": 10}, 6))
    assert "nhiều nhất" not in clear.words
    close = told(town, "quan-tam", Figure(90, {"luong": 50, "nha-o": 46, "khac": 10}, 6))
    assert "Chưa nói được ý nào được chọn nhiều nhất trong 2 ý đầu" in close.words
    alike = told(town, "quan-tam", EQUALS)
    assert "vì khoảng của các ý đầu còn chồng lên nhau" in alike.words
    assert clear.words.index("Tiền lương") < clear.words.index("Nhà ở")


async def test_of_a_long_list_only_what_stands_out_of_the_error_is_told(town: Province) -> None:
    options = {"2019-01": 40, "2018-05": 30, "1987-02": 6, "1988-03": 4, "1990-01": -4}
    months = told(town, "ngay-vao", Figure(90, options, 3))
    assert months.words.count("•") == 2
    assert months.words.index("• 05/2018") < months.words.index("• 01/2019")
    assert "Ý nào không có ở đây thì con số không vượt quá 6 người, có thể chỉ là sai số." in months.words
    exact = told(town, "ngay-vao", Figure(90, options))
    assert exact.words.count("•") == 4
    assert "Ý nào không có ở đây là không ai chọn." in exact.words


async def test_answers_outside_of_any_list_are_said_to_be_the_common_ones_alone(town: Province) -> None:
    units = told(town, "noi-lam", Figure(90, {town.tree.roots[0].id: 40}, 3))
    assert "• Liên đoàn Lao động tỉnh Sơn La: khoảng 44%" in units.words
    assert "nên số thật có thể cao hơn" in units.words
    none = told(town, "noi-lam", Figure(90, {}, 3))
    assert "Chỉ nêu câu trả lời mà nhiều người" in none.words
