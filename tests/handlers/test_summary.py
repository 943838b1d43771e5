"""/summary as an officer meets it: up and down the tree within the role, figures with their n, and why not more."""

import struct
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from models.messages import Outbound
from tests.handlers.province import Province, province

WORDS = ["Đề nghị ghi rõ chỉ tiêu nhà ở cho công nhân."] * 12


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
    assert "Câu 1/12: Vấn đề quan tâm nhất\n49 người trả lời câu này." in screen.text
    assert "• Việc làm, ổn định việc làm: " in screen.text
    assert "từ 1 đến 9 người chưa được công bố vì chưa đủ 10 người" in screen.text
    assert screen.picture is not None
    assert struct.unpack(">I", screen.picture.png[16:20]) == (720,)
    assert "Vấn đề quan tâm nhất" in screen.picture.alt
    following = await town.press(screen, "Sau")
    assert "Câu 2/12: Việc làm\n49 người trả lời câu này." in following.text
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


async def test_words_are_counted_at_the_top_alone(town: Province) -> None:
    await town.appoint(town.tree.roots[0].id)
    screen = await town.press(await town.say("/summary du-thao"), "Sau")
    assert "Có 12 ý kiến viết bằng lời." in screen.text
    assert WORDS[0] not in screen.text
    screen = await town.press(await town.say("/summary Chiềng Khừa du-thao"), "Sau")
    assert "ý kiến viết bằng lời" not in screen.text


async def test_who_holds_no_role_is_told_so(town: Province) -> None:
    await town.appoint(town.tree.roots[0].id)
    await town.say("/summary")
    await town.dismiss()
    assert "Đơn vị trong vai trò của anh/chị" in (await town.say("gì đó")).text
    refused = await town.say("/summary")
    assert "người đã tham gia" not in refused.text
    assert refused.picture is None
