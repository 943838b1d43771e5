"""/summary as an officer meets it: up and down the tree within the role, figures with their error, and why not more."""

import re
import struct
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from models.messages import Outbound
from tests.handlers.province import Province, province

WORDS = [f"Đề nghị ghi rõ chỉ tiêu nhà ở, ý thứ {number}." for number in range(12)]
SPAN = re.compile(r"^(?:•.*: k|K)hoảng (\d+) người.*\(từ (\d+) đến (\d+)\)")


@pytest.fixture
async def town(conn: AsyncConnection, tmp_path: Path) -> Province:
    """A district with 14 people of its own, 23 in one commune, 4 in another; a sector union with 12; one close."""
    town = await province(conn, tmp_path)
    district = town.unit("LĐLĐ huyện Mộc Châu")
    first, second, _third = town.tree.children(district)
    sector = town.unit("CĐ ngành Nông nghiệp và PTNT")
    for form in ("doi-song", "du-thao"):
        for unit, people in ((district, 14), (first.id, 23), (second.id, 4), (sector, 12)):
            await town.answer(form, unit, people, WORDS if unit == sector else ())
        await town.close(form)
    return town


def labels(screen: Outbound) -> list[str]:
    return [button.label for row in screen.buttons for button in row]


async def test_before_a_close_nothing_is_shown(conn: AsyncConnection, tmp_path: Path) -> None:
    town = await province(conn, tmp_path)
    await town.appoint(town.tree.roots[0].id)
    before = await town.say("/summary")
    await town.answer("doi-song", town.unit("LĐLĐ huyện Mộc Châu"), 30)
    after = await town.say("/summary")
    assert "Chưa có kết quả nào được công bố. Kỳ này khép lại vào hết ngày 08/02/2020" in before.text
    assert (before.text, before.picture) == (after.text, None)


async def test_a_question_has_its_number_its_figures_and_its_picture(town: Province) -> None:
    await town.appoint(town.tree.roots[0].id)
    screen = await town.say("tổng hợp")
    assert screen.title == "Kết quả: Việc làm và đời sống của anh/chị"
    assert "49 người đã tham gia. Tính đến hết ngày 08/01/2020." in screen.text
    assert "Câu 1/12: Vấn đề quan tâm nhất\nKhoảng " in screen.text
    assert "Số người tham gia là số chính xác." in screen.text
    assert "từ 1 đến 9 người chưa được công bố vì chưa đủ 10 người" in screen.text
    assert screen.picture is not None
    assert struct.unpack(">I", screen.picture.png[16:20]) == (720,)
    assert "Vấn đề quan tâm nhất" in screen.picture.alt
    following = await town.press(screen, "Sau")
    assert "Câu 2/12: Việc làm\nKhoảng " in following.text
    assert "• Ổn định: khoảng " in following.text
    assert "Số người tham gia là số chính xác." not in following.text
    assert "Câu 1/12" in (await town.press(following, "‹ Trước")).text


async def test_one_walks_down_and_up_the_tree(town: Province) -> None:
    await town.appoint(town.tree.roots[0].id)
    units = await town.press(await town.say("/summary"), "Xem các đơn vị")
    assert "Công đoàn ngành Nông nghiệp và Phát triển nông thôn tỉnh Sơn La · 12 người" in labels(units)
    district = await town.press(await town.press(units, "Sau"), "Liên đoàn Lao động huyện Mộc Châu · 37 người")
    assert "37 người đã tham gia." in district.text
    assert "Trong đó 14 người được tính ở chính cấp này" in district.text
    commune = await town.press(await town.press(district, "Xem các đơn vị"), "Công đoàn cơ sở xã Chiềng Sơn")
    assert "Chưa có số liệu riêng của đơn vị này." in commune.text
    assert "được tính gộp ở Liên đoàn Lao động huyện Mộc Châu hoặc cấp cao hơn" in commune.text
    assert commune.picture is None
    assert "37 người đã tham gia." in (await town.press(commune, "Lên cấp trên")).text


async def test_a_unit_and_a_questionnaire_can_be_named(town: Province) -> None:
    await town.appoint(town.tree.roots[0].id)
    for typed in ("/summary Mộc Châu du-thao", "/summary moc chau du thao", "/summary LĐLĐ huyện Mộc Châu du-thao"):
        screen = await town.say(typed)
        if "gần với" in screen.text:
            screen = await town.press(screen, "Liên đoàn Lao động huyện Mộc Châu")
        assert screen.title == "Kết quả: Góp ý các dự thảo văn kiện đại hội"
        assert "Liên đoàn Lao động huyện Mộc Châu\n37 người đã tham gia." in screen.text
    other = await town.press(screen, "Khảo sát khác")
    assert other.title == "Kết quả: Việc làm và đời sống của anh/chị"
    assert "37 người" in other.text
    assert "Không tìm thấy đơn vị “Xyzzy Qwerty”" in (await town.say("/summary Xyzzy Qwerty")).text


async def test_an_officer_sees_the_units_of_the_role_and_no_other(town: Province) -> None:
    await town.appoint(town.unit("LĐLĐ huyện Mộc Châu"))
    screen = await town.say("/summary")
    assert "37 người đã tham gia." in screen.text
    assert not [label for label in labels(screen) if label.startswith("Lên cấp trên")]
    refused = await town.say("/summary CĐ ngành Nông nghiệp và PTNT")
    assert "Không tìm thấy đơn vị" in refused.text
    assert "37 người đã tham gia." in refused.text
    before = await town.say("/summary")
    revision = before.buttons[0][0].tap.partition(".")[0]
    forged = await town.say(tap=f"{revision}.at:{town.tree.roots[0].id}")
    assert forged.text == before.text


async def test_every_figure_has_its_span_and_none_is_impossible(town: Province) -> None:
    await town.appoint(town.tree.roots[0].id)
    for place, n in (("", 49), (" Mộc Châu", 37), (" CĐ ngành Nông nghiệp và PTNT", 12)):
        screen = await town.say(f"/summary{place} doi-song")
        for _ in range(10):
            screen = await town.press(screen, "Sau")
            lines = [line for line in screen.text.splitlines() if line.startswith(("•", "Khoảng"))]
            assert len(lines) > 3
            for line in lines:
                found = SPAN.match(line)
                assert found, line
                about, low, high = map(int, found.groups())
                assert 0 <= low <= about <= high <= n
                assert low < high


async def test_a_small_unit_s_figures_of_a_question_with_several_answers_are_mostly_error(town: Province) -> None:
    await town.appoint(town.tree.roots[0].id)
    screen = await town.say("/summary CĐ ngành Nông nghiệp và PTNT doi-song")
    assert "Câu 1/11: Vấn đề quan tâm nhất\nMỗi số của câu này có thể lệch tới 9 người" in screen.text
    assert "quá nhiều so với 12 người tham gia" in screen.text
    assert "Câu được chọn nhiều ý có sai số lớn hơn các câu khác. Ở cấp trên" in screen.text
    assert "•" not in screen.text
    assert screen.picture is None


async def test_why_there_is_an_error_is_told_when_asked_and_one_comes_back_to_the_page(town: Province) -> None:
    await town.appoint(town.tree.roots[0].id)
    second = await town.press(await town.say("/summary Mộc Châu"), "Sau")
    for told in (await town.press(second, "Vì sao có sai số?"), await town.say("sai số")):
        assert told.title == "Vì sao có sai số?"
        assert "“Khoảng 0” chưa hẳn là không ai." in told.text
        back = await town.press(told, "‹ Kết quả")
        assert (back.title, back.text) == (second.title, second.text)


async def test_what_is_kept_that_no_release_leaves_is_not_shown(town: Province) -> None:
    await town.conn.execute(text("UPDATE release_group SET n = 6 WHERE n = 12"))
    await town.appoint(town.tree.roots[0].id)
    for command in ("/summary doi-song", "/results"):
        screen = await town.say(command)
        assert "Số liệu này không hiển thị" in screen.text
        assert not re.search(r"\d+ người|%|•", screen.text)
        assert screen.picture is None
        assert "tính gộp" not in screen.text


async def test_words_are_counted_at_the_top_alone_and_read_by_its_officers(town: Province) -> None:
    await town.appoint(town.tree.roots[0].id)
    screen = await town.press(await town.say("/summary du-thao"), "Sau")
    assert "Có 12 ý kiến viết bằng lời." in screen.text
    assert "Đề nghị" not in screen.text
    read = await town.press(screen, "Đọc 12 ý kiến")
    assert "chưa được xác minh" in read.text
    assert "trái quy định của hệ thống này" in read.text
    pages = [read, *[read := await town.press(read, "Sau") for _ in range(2)]]
    assert [page.text.count("“Đề nghị") for page in pages] == [5, 5, 2]
    assert sorted(re.findall("“(.*)”", "".join(page.text for page in pages))) == sorted(WORDS)
    assert (await town.press(read, "‹ Kết quả")).text == screen.text
    screen = await town.press(await town.say("/summary CĐ ngành Nông nghiệp và PTNT du-thao"), "Sau")
    assert "viết bằng lời" not in screen.text


async def test_words_too_few_to_be_opened_are_said_to_wait(town: Province) -> None:
    await town.appoint(town.tree.roots[0].id)
    assert "Câu hỏi nào chưa có đủ 10 ý kiến" not in (await town.say("/summary doi-song")).text
    await town.conn.execute(text("UPDATE released_text SET open = :no"), {"no": False})
    assert "Câu hỏi nào chưa có đủ 10 ý kiến" in (await town.say("/summary doi-song")).text


async def test_words_are_read_by_no_other_officer(town: Province) -> None:
    await town.appoint(town.unit("CĐ ngành Nông nghiệp và PTNT"))
    screen = await town.say("/summary du-thao")
    assert "chỉ mở khi có từ 10 ý kiến của cùng một câu hỏi" in screen.text
    revision = screen.buttons[0][0].tap.partition(".")[0]
    question = next(step.id for step in town.house.pack.questionnaires["du-thao"].steps if step.kind == "words")
    assert (await town.say(tap=f"{revision}.words:{question}")).text == screen.text
    common = await town.press(await town.say("kết quả"), "Góp ý")
    common = await town.press(common, "Sau")
    assert "Có 12 ý kiến viết bằng lời." in common.text
    assert not [label for label in labels(common) if label.startswith("Đọc")]


async def test_results_tell_everybody_about_the_error(town: Province) -> None:
    await town.appoint(town.tree.roots[0].id)
    screen = await town.say("/results")
    assert "Số người tham gia là số chính xác." in screen.text
    second = await town.press(screen, "Sau")
    told = await town.press(second, "Vì sao có sai số?")
    assert "Đọc con số thế nào?" in told.text
    assert (await town.press(told, "‹ Kết quả")).text == second.text


async def test_who_holds_no_role_is_told_so(town: Province) -> None:
    await town.appoint(town.tree.roots[0].id)
    await town.say("/summary")
    await town.dismiss()
    assert "Đơn vị trong vai trò của anh/chị" in (await town.say("gì đó")).text
    refused = await town.say("/summary")
    assert "người đã tham gia" not in refused.text
    assert refused.picture is None
