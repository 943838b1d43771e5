"""Each kind of question: its screen, what answers it, and what is refused with which words."""

import pytest

from conversations import engine
from conversations.engine import Answer
from conversations.screens import Said, Unclear
from conversations.typed import understand
from tests.conversations.talking import Person, all_kinds, choice, number, questionnaire, several

WORDS = {"kind": "words", "id": "w"}


def on(id: str, lang: str = "vi") -> Person:
    """Somebody who has come to a question of the questionnaire with every kind."""
    person = Person(all_kinds(), lang=lang)
    for answer in ("next", "o:thieu-viec", "skip", "+luong", "done", "skip", "o:3", "o:2", "skip", "skip", "skip"):
        if person.at == id:
            break
        person.tap(answer)
    assert person.at == id
    return person


def test_a_note_is_read_and_does_not_count_as_a_question() -> None:
    person = on("chao")
    assert (person.screen.title, person.labels(), person.nav()) == ("", ["Tiếp tục"], ["stop"])
    assert person.tap("next").screen.title.startswith("Câu 1/")


def test_choice() -> None:
    person = on("viec-lam")
    assert person.labels() == ["Ổn định", "Thiếu việc", "Lo mất việc", "Không muốn trả lời"]
    assert all(each.chosen is None for each in person.screen.choices)
    assert person.nav() == ["back", "stop"]  # required: nothing to pass over
    assert person.type("van on").values["viec-lam"] == "on-dinh"


@pytest.mark.parametrize("typed", ["2", "Thiếu việc", "thieu viec", "2. Thiếu việc"])
def test_choice_typed(typed: str) -> None:
    assert on("viec-lam").type(typed).values["viec-lam"] == "thieu-viec"


def test_declining_is_an_answer_like_any_other() -> None:
    person = on("viec-lam").type("không muốn trả lời")
    assert person.place.answers["viec-lam"] == engine.DECLINED
    assert engine.counted(person.form, person.place.answers)["viec-lam"] == ["@declined"]


def test_several_ticks_are_kept_limited_and_confirmed() -> None:
    person = on("quan-tam").tap("+luong")
    assert person.place.ticked == ("luong",)
    assert person.screen.offers("-luong")
    assert "Xong (1)" in person.labels()
    person.apply(Said("+luong"))  # a second tap of the same button
    assert person.place.ticked == ("luong",)
    person = on("quan-tam").tap("+luong", "+nha-o", "+an-toan")
    assert person.place.ticked == ("luong", "nha-o")
    assert person.notices == ("Câu này chọn tối đa 2 ý. Xin anh/chị bỏ bớt một ý trước khi chọn ý khác.",)
    assert person.tap("-luong", "done").values["quan-tam"] == ("nha-o",)


def test_an_exclusive_option_and_the_others_clear_each_other() -> None:
    person = on("quan-tam").tap("+luong", "+khong")
    assert person.place.ticked == ("khong",)
    assert person.tap("+nha-o").place.ticked == ("nha-o",)


def test_several_numbers_at_once() -> None:
    person = Person(questionnaire(several("a", "x", "y", "z", max=2))).type("1 và 3")
    assert person.place.ticked == ("x", "z")
    person.type("xong")
    assert person.values == {"a": ("x", "z")}


def test_too_few_ticks_are_said_so() -> None:
    person = Person(questionnaire(several("a", "x", "y", "z!", min=2, error="Hai ý trở lên."))).tap("done")
    assert (person.at, person.notices) == ("a", ("Hai ý trở lên.",))
    assert person.tap("+x", "done").at == "a"
    assert person.tap("+z", "done").values == {"a": ("z",)}  # the exclusive one stands alone


def test_long_options_are_listed_in_the_text_by_the_numbers_that_choose_them() -> None:
    person = on("quan-tam")
    at = person.labels().index("An toàn") + 1
    assert f"{at}. An toàn, vệ sinh lao động; tai nạn, bệnh nghề nghiệp" in person.screen.text
    assert person.type(str(at)).place.ticked == ("an-toan",)


def test_a_shuffled_order_is_ones_own_and_lasting() -> None:
    form = questionnaire(several("a", *"bcdefgh", "khong!", shuffle=True))
    orders = {tuple(Person(form, seed=seed).labels()) for seed in range(20)}
    assert len(orders) > 10
    assert all(order[-2] == "KHONG!" for order in orders)  # before "Xong"
    assert Person(form, seed=3).labels() == Person(form, seed=3).labels()


def test_a_series_tells_its_lead_once() -> None:
    person = on("hai-long.bua-an")
    assert person.screen.text.startswith("Anh/chị hài lòng đến đâu?\n\n1/2 · Bữa ăn ca")
    assert person.labels() == ["Không hài lòng", "Bình thường", "Hài lòng", "Nơi làm việc không có"]
    person.tap("o:3")
    assert person.screen.text == "2/2 · Nhà trẻ"
    assert person.type("hai long").values["hai-long.nha-tre"] == "3"


def test_a_scale_in_numbers_is_typed_as_it_reads() -> None:
    person = on("diem")
    assert "0 = Rất kém\n10 = Rất tốt" in person.screen.text
    assert person.labels() == [str(step) for step in range(11)]
    assert "decline" in person.nav()
    assert person.type("1").values["diem"] == "1"
    assert engine.told(person.form, person.place, "vi", person.say)[6].told == "1"
    assert on("diem").type("0").values["diem"] == "0"


def test_number() -> None:
    person = on("luong-bao-nhieu")
    assert "Từ 0 đến 24 giờ." in person.screen.text
    assert person.nav() == ["back", "skip", "decline", "stop"]
    person.type("12 tr")
    assert person.notices == ("Hệ thống chưa đọc được con số này. Xin anh/chị chỉ gõ chữ số, ví dụ 1500 hoặc 1,5.",)
    person.type("25")
    assert person.notices == ("25 giờ nằm ngoài giới hạn của câu này. Từ 0 đến 24 giờ.",)
    assert person.type("9,50 gio").values["luong-bao-nhieu"] == "9.5"
    assert engine.counted(person.form, person.place.answers)["luong-bao-nhieu"] == ["du-8"]


def test_date() -> None:
    person = on("ngay-vao").type("hôm nay")
    assert "ví dụ 15/01/2020" in person.notices[0]
    person.type("1/1/2021")
    assert person.notices == ("01/01/2021 nằm ngoài giới hạn của câu này. Từ 01/01/1960 đến 31/12/2020.",)
    assert person.type("2-9-75").values["ngay-vao"] == "1975-09-02"
    assert engine.counted(person.form, person.place.answers)["ngay-vao"] == ["1975-09"]


def test_unit() -> None:
    person = on("noi-lam").type("yen chau")
    assert person.outcome == "search:yen chau"
    assert person.notices[0].startswith("Đã tìm “yen chau”.")  # said also where nothing is found
    person.place = engine.found(person.form, person.place, [("u1", "LĐLĐ huyện Yên Châu"), ("u2", "Yên Châu")])
    assert person.labels() == ["LĐLĐ huyện Yên Châu", "Yên Châu"]
    person.apply(Said("u:elsewhere"))
    assert person.at == "noi-lam"
    person.type("1")
    assert person.place.answers["noi-lam"] == Answer("u1", "LĐLĐ huyện Yên Châu")
    assert engine.counted(person.form, person.place.answers)["noi-lam"] == ["u1"]
    assert person.place.found == ()


def test_words_are_kept_whole_or_refused_whole() -> None:
    whole = "Đề nghị tăng lương.\n" * 200
    person = on("de-nghi").type(whole.strip())
    assert person.values["de-nghi"] == whole.strip()
    person = on("de-nghi").type("ă" * 4001)
    assert person.at == "de-nghi"
    assert "dài hơn 4.000 ký tự, thừa 1 ký tự" in person.notices[0]
    assert on("de-nghi").type("ă" * 4000).values["de-nghi"] == "ă" * 4000


def test_the_authors_error_still_tells_by_how_much() -> None:
    person = on("noi-them").type("x" * 45)
    assert person.notices == ("Xin viết ngắn hơn. (Tối đa 40 ký tự, thừa 5 ký tự; chưa ghi.)",)


def test_later_texts_recall_earlier_answers() -> None:
    assert on("noi-them").screen.text.startswith("Anh/chị nói “Thiếu việc”. Vì sao?")
    assert on("noi-them", lang="en").screen.text.startswith("You said “Too little work”. Why?")
    form = questionnaire(WORDS, choice("b", "x", "y", text="“{w}”?", short="B"))
    assert "“{w} và %s”?" in Person(form).type("{w} và %s").screen.text
    assert "“(chưa trả lời)”?" in Person(form).tap("skip").screen.text


@pytest.mark.parametrize(("action", "kept"), [("convert", "Công đoàn cơ sở Mường Khương"), ("keep", None)])
def test_an_old_encoding_is_offered_and_never_applied_silently(action: str, kept: str | None) -> None:
    raw = "C«ng ®oµn c¬ së M\u00adêng Kh\u00ad¬ng"
    person = Person(questionnaire(WORDS))
    person.apply(Said(text=raw))
    assert person.at == "w"
    assert "Công đoàn cơ sở Mường Khương" in person.screen.text
    assert person.labels() == ["Dùng bản đã chuyển", "Giữ nguyên bản đã gõ"]
    person.tap(action)
    assert person.values["w"] == (kept or raw.replace("\u00ad", ""))


def test_an_offer_may_be_answered_by_other_words() -> None:
    person = Person(questionnaire(WORDS))
    person.apply(Said(text="C«ng ®oµn c¬ së"))
    assert person.type("Công đoàn").values == {"w": "Công đoàn"}


def test_opinions_are_strict_and_their_comments_are_not() -> None:
    form = questionnaire(choice("a", "tan-thanh", "khong-tan-thanh"), WORDS, sensitive=True)
    person = Person(form)
    assert person.screen.strict
    assert isinstance(understand(person.screen, "tan thanh"), Unclear)
    assert not person.tap("o:tan-thanh").screen.strict


def test_everything_is_said_in_english_too() -> None:
    person = on("luong-bao-nhieu", lang="en")
    assert person.screen.title.startswith("Question 4/")
    assert "From 0 to 24 hours." in person.screen.text
    assert person.type("2,5").values["luong-bao-nhieu"] == "2.5"


def test_a_negative_zero_is_zero() -> None:
    assert Person(questionnaire(number("a"))).type("-0,00").values == {"a": "0"}
