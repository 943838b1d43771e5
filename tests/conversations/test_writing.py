"""Before an answer in words is kept, what may tell who wrote it is pointed out (G16)."""

from typing import Any

import pytest

from conversations import engine
from conversations.engine import Place
from conversations.screens import Said
from tests.conversations.talking import Person, choice, questionnaire

WORDS = {"kind": "words", "id": "w"}
OURS = ("truong mam non hoa ban", "Hoa Ban")
OLD = "L­¬ng thÊp qu¸, gäi 0912345678 nhÐ, c«ng ®oµn ¬i"


def person(lang: str = "vi", **fields: Any) -> Person:
    return Person(questionnaire({**WORDS, **fields}, choice("b", "x", "y")), lang=lang, names=OURS)


def test_a_number_is_named_by_its_kind_and_never_kept() -> None:
    one = person().type("Lương thấp, gọi 0912 345 678")
    assert one.at == "w"
    assert one.values == {}
    assert "có: số điện thoại." in one.screen.text
    assert "Lương thấp, gọi [số điện thoại]" in one.screen.text
    assert one.labels() == ["Dùng bản đã che", "Viết lại"]
    one.apply(Said("keep"))
    assert one.at == "w"
    assert one.tap("mask").values == {"w": "Lương thấp, gọi [số điện thoại]"}


def test_while_the_person_thinks_the_number_lies_nowhere() -> None:
    one = person().type("Gọi 0912 345 678, xem facebook.com/hoa")
    assert "345" not in one.place.to_json()
    assert "hoa" not in one.place.to_json()
    assert "0912" not in person().type("Gọi 0912 345 678").screen.text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Trường mầm non Hoa Ban thiếu cô", "[tên đơn vị] thiếu cô"),
        ("Hỏi @hoa_nguyen", "Hỏi [tên tài khoản]"),
        ("Xem facebook.com/hoa", "Xem [đường dẫn]"),
    ],
)
@pytest.mark.parametrize("insists", [True, False])
def test_names_and_links_are_kept_where_the_writer_insists(text: str, masked: str, insists: bool) -> None:
    one = person().type(text)
    assert masked in one.screen.text
    assert one.labels() == ["Dùng bản đã che", "Giữ nguyên bản đã gõ", "Viết lại"]
    assert one.tap("keep" if insists else "mask").values == {"w": text if insists else masked}


def test_a_link_beside_a_number_goes_with_it() -> None:
    one = person().type("0912345678, facebook.com/hoa")
    assert "có: số điện thoại, đường dẫn." in one.screen.text
    assert one.tap("mask").values == {"w": "[số điện thoại], [đường dẫn]"}


def test_the_numbers_of_the_choices_are_typed_where_there_are_no_buttons() -> None:
    assert person().type("Hỏi @hoa_nguyen", "2").values == {"w": "Hỏi @hoa_nguyen"}
    assert person().type("Hỏi @hoa_nguyen", "dung ban da che").values == {"w": "Hỏi [tên tài khoản]"}


def test_other_words_replace_the_proposal_and_are_looked_at_themselves() -> None:
    one = person().type("Gọi 0912345678", "Hỏi @hoa_nguyen")
    assert one.screen.offers("keep")
    assert one.type("Tăng lương").values == {"w": "Tăng lương"}
    assert person().type("Gọi 0912345678", "Gọi [số điện thoại]").values == {"w": "Gọi [số điện thoại]"}


def test_writing_again_shows_the_question_as_it_was() -> None:
    one = person()
    before = one.screen
    assert one.type("Gọi 0912345678").tap("anew").screen == before


def test_an_earlier_answer_stays_until_another_one_is_given() -> None:
    one = person().type("Tăng lương").tap("o:x", "edit:w").type("Gọi 0912345678")
    assert one.values["w"] == "Tăng lương"
    assert one.tap("mask").values["w"] == "Gọi [số điện thoại]"
    assert one.at == ""
    one.tap("edit:w").type("Gọi 0987654321").tap("back")
    assert one.values["w"] == "Gọi [số điện thoại]"
    assert one.place.proposed is None


def test_a_proposal_waits_until_the_person_comes_back() -> None:
    one = person().type("Gọi 0912345678").tap("stop")
    assert one.outcome == "stopped"
    assert one.screen.offers("mask")


def test_a_comment_on_a_document_is_looked_at_too() -> None:
    form = questionnaire(choice("a", "tan-thanh", "khong-tan-thanh"), WORDS, sensitive=True)
    one = Person(form, names=OURS).tap("o:tan-thanh").type("Hoa Ban: gọi 0912345678")
    assert one.screen.typed
    assert not one.screen.strict
    assert one.type("Hoa Ban không tán thành").tap("keep").values["w"] == "Hoa Ban không tán thành"


def test_words_in_an_old_encoding_are_looked_at_in_todays_letters() -> None:
    one = person()
    one.apply(Said(text=OLD))
    assert one.place.offered is None
    assert "Lương thấp quá, gọi [số điện thoại] nhé" in one.screen.text
    assert "345678" not in one.place.to_json()
    one.apply(Said(text="Tr­êng mÇm non Hoa Ban thiÕu c« nu«i"))
    assert one.place.proposed is None
    one.tap("convert")
    assert "[tên đơn vị] thiếu cô nuôi" in one.screen.text
    assert one.tap("keep").values == {"w": "Trường mầm non Hoa Ban thiếu cô nuôi"}


def test_the_marks_never_make_an_answer_too_long() -> None:
    one = person(max=14, error="Ngắn hơn.").type("Gọi 0912345678")
    assert one.tap("mask").values == {"w": "Gọi […]"}
    one = person(max=13, error="Ngắn hơn.").type("Hỏi @hoa", "Gọi 0912345678")
    assert one.notices[0].startswith("Ngắn hơn. (Tối đa 13 ký tự, thừa 1")
    assert one.place.proposed is None


def test_english_people_are_told_in_english() -> None:
    one = person("en").type("call 0912345678 or see www.a.vn")
    assert "call [phone number] or see [link]" in one.screen.text


def test_records_from_before_are_read() -> None:
    place = engine.begin(questionnaire(WORDS), 1)
    assert "proposed" not in place.to_json()
    assert Place.from_json(place.to_json()).proposed is None
