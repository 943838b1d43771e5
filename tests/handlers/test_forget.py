"""What /forget leaves: nothing but the audit log and what was added up and belongs to nobody."""

from models.messages import Address
from tests.handlers.hall import FORM, Hall
from tests.transcripts.traces import traces

MAI, MAI_WEB = Address("telegram", "tai-khoan-mai"), Address("web", "trinh-duyet-mai")


async def kept(hall: Hall, *needles: str) -> set[str]:
    """Where any of these is found in the database."""
    return set(await hall.writer.write(lambda conn: traces(conn, set(needles))))


async def full_life(hall: Hall) -> int:
    """Let Mai be everything that anybody can be here: an officer on two channels, with an answer, a code, a message."""
    mai = await hall.join(MAI)
    await hall.receive(MAI, text="/settings")
    await hall.tap(MAI, "+news", "+results")
    await hall.receive(MAI, start=await hall.invitation("mai-son"))
    await hall.receive(MAI, text="/link")
    code = hall.screens[MAI].text.partition(": ")[2].split("\n")[0]
    await hall.join(MAI_WEB, "che-mai-son")
    await hall.receive(MAI_WEB, text=f"/link {code}")
    await hall.tap(MAI_WEB, "join", f"q:{FORM.id}", "next", "o:on-dinh")
    await hall.receive(MAI_WEB, text="/link")
    return mai.id


async def test_a_full_life_leaves_rows_and_forgetting_erases_every_one_of_them(hall: Hall) -> None:
    id = await full_life(hall)
    before = await kept(hall, str(id), MAI.user, MAI_WEB.user)
    assert before >= {
        "person.id", "address.user", "address.person_id", "role_grant.person_id", "link_code.person_id",
        "pending.person_id", "subscription.person_id", "audit.actor",
    }  # fmt: skip
    await hall.receive(MAI, text="/forget")
    await hall.tap(MAI, "erase")
    assert hall.screens[MAI].forget
    assert await kept(hall, str(id), MAI.user, MAI_WEB.user) == {"audit.actor"}
    assert await hall.person(MAI) is None
    assert await hall.person(MAI_WEB) is None


async def test_what_was_sent_is_erased_with_its_participation(hall: Hall) -> None:
    mai = await hall.join(MAI)
    await hall.tap(MAI, f"q:{FORM.id}", "next", "o:on-dinh")
    while "send" not in hall.offers(MAI):
        await hall.tap(MAI, "skip")
    await hall.tap(MAI, "send")
    assert await kept(hall, str(mai.id)) >= {"participation.person_id", "pending.person_id"}
    await hall.receive(MAI, text="xóa hết")
    await hall.tap(MAI, "erase")
    assert await kept(hall, str(mai.id), MAI.user) == set()


async def test_what_is_withdrawn_is_gone_and_a_draft_was_never_counted_as_sent(hall: Hall) -> None:
    mai = await hall.join(MAI)
    await hall.tap(MAI, f"q:{FORM.id}", "next", "o:on-dinh")
    assert "participation.person_id" not in await kept(hall, str(mai.id))
    await hall.receive(MAI, text="/mydata")
    await hall.tap(MAI, f"withdraw:{FORM.id}")
    assert await kept(hall, str(mai.id)) == {"person.id", "address.person_id", "subscription.person_id"}


async def test_the_safe_answer_keeps_everything_and_a_typed_nearly_erases_nothing(hall: Hall) -> None:
    mai = await hall.join(MAI)
    for nearly in ("ok", "xoa het", "có", "xóa"):
        await hall.receive(MAI, text="/forget")
        await hall.receive(MAI, text=nearly)
        assert await hall.person(MAI) is not None
    await hall.receive(MAI, text="/forget")
    await hall.tap(MAI, "keep")
    assert await kept(hall, str(mai.id)) == {"person.id", "address.person_id", "subscription.person_id"}
