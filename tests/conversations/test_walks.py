"""Going through a questionnaire: forward, back, from the review and back to it, stopping, other branches."""

import json
from datetime import date

from conversations import engine
from conversations.engine import Answer, Place
from conversations.screens import Said
from tests.conversations.talking import Person, all_kinds, choice, number, questionnaire, several

BRANCHES = [
    choice("a", "x", "y", required=True),
    choice("b", "p", "q", when="a == x"),
    choice("c", "p", "q", when="b == p"),
    choice("d", "p", "q", short="Câu cuối"),
]


def walked(*actions: str) -> Person:
    return Person(questionnaire(*BRANCHES)).tap(*actions)


def test_conditions_choose_the_branch() -> None:
    assert list(walked("o:x", "o:p", "o:q", "o:p").values) == ["a", "b", "c", "d"]
    assert list(walked("o:y", "o:p").values) == ["a", "d"]


def test_the_header_counts_the_branch_and_its_end_never_moves_away() -> None:
    person = walked()
    assert person.screen.title == "Câu 1/4 · ▰▰▰▱▱▱▱▱▱▱"
    assert person.tap("o:x").screen.title == "Câu 2/4 · ▰▰▰▰▰▱▱▱▱▱"
    assert person.tap("o:q").screen.title == "Câu 3/3 · ▰▰▰▰▰▰▰▰▰▰"
    assert walked("o:y").screen.title == "Câu 2/2 · ▰▰▰▰▰▰▰▰▰▰"
    many = questionnaire(*(choice(f"q{number}", "x", "y") for number in range(12)))
    assert Person(many).tap("skip", "skip").screen.title == "Câu 3/12 · ▰▰▰▱▱▱▱▱▱▱"


def test_back_shows_the_answer_and_keeps_it_until_another_is_given() -> None:
    person = walked("o:x", "o:p", "back", "back")
    assert person.at == "a"
    assert "Câu trả lời hiện nay của anh/chị: X" in person.screen.text
    assert person.nav() == ["next", "stop"]
    assert person.tap("next").at == "c"
    assert person.values == {"a": "x", "b": "p"}


def test_back_from_the_first_question_is_not_offered_and_does_nothing() -> None:
    person = walked()
    assert "back" not in person.nav()
    person.apply(Said("back"))
    assert person.at == "a"


def test_the_review_lists_every_answer_and_leads_to_each_and_back() -> None:
    person = walked("o:x", "o:q", "skip")
    assert person.screen.title == "Xem lại câu trả lời"
    assert "1. Câu 1? X\n2. Câu 2? Q\n3. Câu cuối: (bỏ qua)" in person.screen.text
    assert person.labels() == ["Sửa câu 1", "Sửa câu 2", "Sửa câu 3", "Gửi"]
    assert person.tap("edit:d").place.returning
    assert person.tap("o:p").at == ""
    assert person.tap("edit:b", "back").at == ""  # looked at, and left as it was
    assert person.values == {"a": "x", "b": "q", "d": "p"}


def test_a_change_that_opens_a_branch_asks_what_is_new_and_returns_to_the_review() -> None:
    person = walked("o:x", "o:q", "o:p", "edit:b", "o:p")
    assert (person.at, person.notices) == ("c", ())
    assert person.tap("back").at == "b"  # the review waits until nothing is left open
    assert person.tap("o:p", "o:q").at == ""
    assert person.values == {"a": "x", "b": "p", "c": "q", "d": "p"}


def test_a_change_that_closes_a_branch_drops_its_answers_and_names_them() -> None:
    person = walked("o:x", "o:p", "o:q", "o:p", "edit:a", "o:y")
    assert person.values == {"a": "y", "d": "p"}
    assert person.notices == (
        "Vì câu trả lời đã đổi, những câu sau không còn được hỏi và câu trả lời cũ đã được bỏ: Câu 2?; Câu 3?.",
    )
    assert walked("o:x", "skip", "o:p", "edit:a", "o:y").notices == ()  # nothing said, nothing lost


def test_a_long_review_has_pages() -> None:
    person = Person(questionnaire(*(choice(f"q{number}", "x", "y") for number in range(20))))
    person.tap(*["o:x"] * 20)
    assert len([each for each in person.screen.choices if each.action.startswith("edit:")]) == 8
    assert "Trang 2/3 ›" in person.labels()
    person.tap("page:2", "page:3")
    assert person.screen.choices[0].action == "edit:q16"
    assert person.tap("edit:q19", "o:y").place.page == 1
    for page in ("page:0", "page:99999999999", "page:-1", "page:x", "page:²"):
        person.apply(Said(page))
        assert person.screen.choices


def test_sending_stopping_and_resuming() -> None:
    person = walked("o:y", "stop")
    assert (person.outcome, person.at) == ("stopped", "d")
    later = Person(person.form)
    later.place = Place.from_json(person.place.to_json())
    assert later.tap("o:p", "send").outcome == "sent"
    assert later.place.sent


def test_a_correction_after_sending_counts_at_once() -> None:
    person = walked("o:y", "o:p", "send", "edit:d", "o:q")
    assert person.place.sent
    assert person.values["d"] == "q"
    assert "Xong" in person.labels()


def test_taps_that_come_late_change_nothing() -> None:
    person = walked("o:x")
    for action in (
        "o:z",
        "send",
        "edit:a",
        "page:2",
        "+p",
        "done",
        "u:1",
        "convert",
        "decline",
        "o:",
        "x" * 99,
        "o:p o:q",
    ):
        turn = person.apply(Said(action))
        assert (turn.place.waiting_on, turn.outcome) == ("b", "asked")
    assert person.values == {"a": "x"}


def test_several_and_more_than_one_condition_on_them() -> None:
    form = questionnaire(several("a", "x", "y", "z"), number("n", when="a has x"), choice("c", "p", "q", when="n > 5"))
    person = Person(form).tap("+x", "+y", "done").type("6").tap("o:p", "edit:a")
    assert person.place.ticked == ("x", "y")  # one's own ticks, to be changed
    assert person.tap("-x", "done").values == {"a": ("y",)}
    assert "Câu 2?" in person.notices[0]


def test_a_place_with_words_that_are_no_longer_known_goes_on() -> None:
    form = questionnaire(*BRANCHES)
    place = Place(form.id, "0" * 16, "gone", {"gone": Answer("1"), "a": Answer("zzz"), "d": Answer("q")})
    screen = engine.ask(form, place, "vi", Person(form).say)
    assert "Câu cuối: Q" in screen.text
    assert engine.counted(form, place.answers) == {"d": ["q"]}


def test_the_place_is_plain_json() -> None:
    person = walked("o:x")
    assert json.loads(person.place.to_json()) == {
        "questionnaire": "thu",
        "version": person.form.version,
        "waiting_on": "b",
        "answers": {"a": {"v": "x"}},
        "seed": 1,
    }


def test_what_a_release_takes() -> None:
    person = Person(all_kinds()).tap("next", "o:thieu-viec").type("Ít đơn hàng").tap("+luong", "+khac", "done")
    person.type("8").tap("o:2", "o:khong-co").type("10", "15.1.20")
    person.tap("decline").type("Tăng lương")
    assert person.at == ""
    assert engine.counted(person.form, person.place.answers) == {
        "viec-lam": ["thieu-viec"],
        "quan-tam": ["khac", "luong"],
        "luong-bao-nhieu": ["du-8"],
        "hai-long.bua-an": ["2"],
        "hai-long.nha-tre": ["khong-co"],
        "diem": ["10"],
        "ngay-vao": ["2020-01"],
        "noi-lam": ["@declined"],
    }
    assert engine.words(person.form, person.place.answers) == {"noi-them": "Ít đơn hàng", "de-nghi": "Tăng lương"}
    assert person.form.by_id["luong-bao-nhieu"].keys().keys() == {"duoi-8", "du-8", "tren-10"}
    told = [line.told for line in engine.told(person.form, person.place, "vi", person.say)]
    assert told == [
        "Thiếu việc",
        "Ít đơn hàng",
        "Tiền lương; Điều khác",
        "8 giờ",
        "Bình thường",
        "Nơi làm việc không có",
        "10 (Rất tốt)",
        "15/01/2020",
        "Không muốn trả lời",
        "Tăng lương",
    ]


def test_months_are_a_closed_list_where_both_limits_are_given() -> None:
    form = questionnaire({"kind": "date", "id": "d", "min": date(2019, 11, 8), "max": date(2020, 2, 1)})
    assert list(form.steps[0].keys()) == ["2019-11", "2019-12", "2020-01", "2020-02"]
