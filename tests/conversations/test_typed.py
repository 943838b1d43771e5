"""Typed words choose on a screen: whole messages, and nothing by chance."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.screens import Choice, Said, Screen, Unclear
from conversations.typed import numbers, understand
from locales.vietnamese import clean, fold

NAV = (
    Choice("back", "Quay lại", ("quay lai", "back")),
    Choice("skip", "Bỏ qua", ("bo qua",)),
    Choice("stop", "Dừng", ("dung", "huy", "thoi", "stop")),
)
OPINION = (
    Choice("o:tan_thanh", "Tán thành"),
    Choice("o:mot_phan", "Đồng ý một phần"),
    Choice("o:khong", "Không tán thành"),
    Choice("o:chua", "Chưa có ý kiến"),
)
STRICT = Screen("Ý kiến của anh/chị?", choices=OPINION, nav=NAV, strict=True)
FREE = Screen(
    "Nơi làm việc có thỏa ước không?",
    nav=NAV,
    choices=(
        Choice("o:co", "Có"),
        Choice("o:khong", "Không"),
        Choice("o:khong_biet", "Không biết", ("chiu",)),
    ),
)
WAGES = Screen(
    "Vấn đề nào?",
    nav=NAV,
    choices=(
        Choice("+luong", "Tiền lương, thu nhập", ("tien luong",)),
        Choice("-nha", "Nhà ở", chosen=True),
        Choice("+hoa", "Văn hoá, thể thao"),
        Choice("done", "Xong"),
    ),
)
WORDS = Screen("Anh/chị đề nghị gì?", nav=NAV, typed=True)


def said(screen: Screen, text: str) -> str:
    answer = understand(screen, text)
    assert isinstance(answer, Said), answer
    return answer.action


def near(screen: Screen, text: str) -> list[str]:
    answer = understand(screen, text)
    assert isinstance(answer, Unclear), answer
    return [choice.action for choice in answer.near]


@pytest.mark.parametrize(
    "text",
    [
        "3",
        "3.",
        "3)",
        "(3)",
        " 3 ",
        "３",
        "3\u200b",
        "3. Không tán thành",
        "3 không tán thành",
        "3.Không tán thành",
        "Không tán thành",
        "KHÔNG  TÁN THÀNH",
        "Không tán thành.",
        "“Không tán thành”",
        "Kh\u00f4ng ta\u0301n tha\u0300nh",
    ],
)
def test_an_opinion_is_given_by_its_number_or_its_exact_label(text: str) -> None:
    assert said(STRICT, text) == "o:khong"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("khong tan thanh", ["o:khong"]),
        ("ko", ["o:khong"]),
        ("Không", ["o:khong"]),
        ("k", ["o:khong"]),
        ("tan thanh", ["o:tan_thanh"]),
        ("ok", ["o:tan_thanh"]),
        ("c", ["o:tan_thanh"]),
        ("Tán thành?", ["o:tan_thanh"]),
        ("dong y", ["o:tan_thanh"]),
        ("đúng", ["o:tan_thanh"]),
        ("1. tan thanh", ["o:tan_thanh"]),
        ("1. Không tán thành", ["o:tan_thanh", "o:khong"]),
        ("ko dong y lam", []),
        ("5", []),
        ("0", ["o:khong"]),
        ("tôi tán thành", []),
        ("1 hoặc 2", []),
        ("", []),
        ("👍", []),
    ],
)
def test_an_opinion_that_only_comes_near_is_asked_and_never_taken(text: str, meant: list[str]) -> None:
    assert near(STRICT, text) == meant


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("quay lai", "back"),
        ("Quay lại", "back"),
        ("BO QUA", "skip"),
        ("bỏ qua.", "skip"),
        ("dừng", "stop"),
        ("dung", "stop"),
        ("huỷ", "stop"),
        ("hủy", "stop"),
        ("thôi", "stop"),
        ("thoi", "stop"),
    ],
)
def test_going_back_skipping_and_stopping_are_words_on_every_screen(text: str, action: str) -> None:
    for screen in (STRICT, FREE, WAGES, WORDS):
        if not (screen is FREE and text == "dung"):
            assert said(screen, text) == action


def test_an_unaccented_dung_asks_where_it_may_be_stop_or_yes_and_an_accented_one_is_plain() -> None:
    assert near(FREE, "dung") == ["o:co", "stop"]
    assert said(FREE, "dừng") == "stop"
    assert said(FREE, "đúng") == "o:co"


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("co", "o:co"),
        ("Có ạ", ""),
        ("vâng", "o:co"),
        ("uh", "o:co"),
        ("ok 👍", "o:co"),
        ("ko", "o:khong"),
        ("0", "o:khong"),
        ("hok", "o:khong"),
        ("khong biet", "o:khong_biet"),
        ("KHONG BIET.", "o:khong_biet"),
        ("chịu", "o:khong_biet"),
        ("3. khong biet", "o:khong_biet"),
        ("đã", ""),
        ("không ạ", ""),
        ("co dong y dau", ""),
        ("co?", ""),
    ],
)
def test_where_nothing_weighs_much_short_forms_and_missing_accents_choose(text: str, action: str) -> None:
    answer = understand(FREE, text)
    assert (answer.action if isinstance(answer, Said) else "") == action


def test_a_yes_that_two_choices_share_is_asked() -> None:
    screen = Screen("?", choices=(Choice("o:a", "Có"), Choice("o:b", "Đồng ý"), Choice("o:c", "Không")))
    assert near(screen, "vang") == ["o:a", "o:b"]
    assert said(screen, "co") == "o:a"


def test_an_option_named_by_one_letter_is_not_a_yes() -> None:
    screen = Screen("?", choices=(Choice("o:a", "Ca sáng"), Choice("o:b", "Ca chiều"), Choice("o:c", "Ca đêm")))
    assert near(screen, "vâng") == []


def test_one_label_on_two_choices_is_asked() -> None:
    units = (Choice("u:1", "Chiềng Chung"), Choice("u:2", "Chiềng Chung"))
    assert near(Screen("Đơn vị?", choices=units, typed=True), "chieng chung") == ["u:1", "u:2"]


@pytest.mark.parametrize("text", ["1 3", "1,3", "1, 3", "1 và 3", "1;3", "3 va 1", "1, 3 và 2", "１，３", "1 1 3"])
def test_several_numbers_set_several_ticks_and_leave_set_ones(text: str) -> None:
    assert set(said(WAGES, text).split()) == {"+luong", "+hoa"}


def test_every_action_of_a_list_is_offered_and_one_that_is_not_a_tick_is_asked() -> None:
    assert said(WAGES, "2") == "-nha"
    assert said(WAGES, "2 2") == "-nha"
    assert near(WAGES, "1 4") == ["+luong", "done"]
    assert near(WAGES, "1 9") == ["+luong"]
    assert near(WAGES, "1-3") == []
    assert near(STRICT, "1 3") == []


def test_both_places_of_a_tone_are_one_label_even_where_only_exact_ones_count() -> None:
    screen = Screen("?", choices=WAGES.choices, strict=True)
    assert said(screen, "Văn hóa, thể thao") == "+hoa"


def test_an_icon_before_a_label_is_not_typed() -> None:
    assert said(Screen("?", choices=(Choice("yes", "✅ Đồng ý"),), strict=True), "đồng ý") == "yes"
    assert said(Screen("?", choices=(Choice("yes", "Đồng ý"),), strict=True), "Ðồng ý") == "yes"


def test_a_step_of_a_scale_is_typed_by_the_number_that_it_shows() -> None:
    steps = tuple(Choice(f"o:{step}", str(step)) for step in range(11))
    screen = Screen("0 đến 10?", choices=(*steps, Choice("decline", "Không muốn trả lời")))
    assert said(screen, "0") == "o:0"
    assert said(screen, "10") == "o:10"
    assert said(screen, "12") == "decline"
    assert near(screen, "11") == []
    worded = Screen("?", choices=(Choice("o:1", "1 – Rất kém"), Choice("o:2", "2"), Choice("o:3", "3 – Rất tốt")))
    assert said(worded, "3") == "o:3"
    assert numbers((Choice("decline", "Không muốn trả lời"), *steps[1:3])) == (None, 1, 2)


def test_hours_and_years_in_labels_are_no_scale() -> None:
    choices = (Choice("o:a", "Không"), Choice("o:b", "1–2 giờ"), Choice("o:c", "2–3 giờ"), Choice("o:d", "15 ngày"))
    assert numbers(choices) == (1, 2, 3, 4)


def test_a_number_that_is_one_choice_s_place_and_another_s_label_is_asked() -> None:
    screen = Screen("?", choices=(Choice("o:2", "2"), Choice("o:4", "4"), Choice("o:6", "6")))
    assert near(screen, "2") == ["o:4", "o:2"]
    assert said(screen, "6") == "o:6"


def test_other_words_are_the_answer_where_words_are_wanted_whole_and_clean() -> None:
    words = " Tăng lương\u00a0tối thiểu\r\nvà sửa nhà ở\ufeff " + "rất " * 900
    assert understand(WORDS, words) == Said(text=clean(words))
    assert understand(WORDS, "không") == Said(text="không")
    assert understand(WORDS, "12") == Said(text="12")
    assert understand(WORDS, " \u200b ") == Unclear()


def test_a_link_is_not_opened_by_typing() -> None:
    screen = Screen("?", choices=(Choice("", "Đọc toàn văn", url="https://example.org"),))
    assert near(screen, "1") == [""]


LABELS = st.sampled_from(["Có", "Không", "Đồng ý", "đúng", "1", "2 – Kém", "", "Dừng", "Văn hoá", "0", "+"]) | st.text(
    max_size=8
)
CHOICES = st.lists(
    st.builds(
        Choice,
        st.sampled_from(["o:co", "+a", "-b", "done", "o:c", ""]),
        LABELS,
        st.lists(LABELS.map(fold), max_size=2).map(tuple),
    ),
    max_size=6,
).map(tuple)
SCREENS = st.builds(Screen, st.just("?"), choices=CHOICES, nav=CHOICES, typed=st.booleans(), strict=st.booleans())
TYPED = (
    LABELS
    | st.text()
    | st.text("0123456789 ,.;và()-１", max_size=12)
    | st.text(st.characters(categories=["Nd"]), max_size=4)
)


@given(SCREENS, TYPED)
def test_any_text_has_an_answer_that_the_screen_offers(screen: Screen, text: str) -> None:
    answer = understand(screen, text)
    if isinstance(answer, Unclear):
        assert set(answer.near) <= {*screen.choices, *screen.nav}
    elif answer.action:
        assert all(screen.offers(action) for action in answer.action.split())
    else:
        assert screen.typed
        assert answer.text == clean(text) != ""


@given(
    st.lists(
        st.sampled_from(["khong", "dong", "y", "tan", "thanh", "ko", "co", "một", "phần"]), min_size=1, max_size=6
    ).map(" ".join)
)
def test_no_message_without_its_accents_gives_an_opinion(text: str) -> None:
    assert isinstance(understand(STRICT, text), Unclear)
