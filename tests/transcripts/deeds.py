"""What people do in a transcript beside typing: the words for it, and how it is done."""

from handlers import posted
from locales.vietnamese import fold
from models.messages import Button, Outbound
from tests.transcripts.directions import make_link
from tests.transcripts.reading import Line
from tests.transcripts.sending import bring_posts
from tests.transcripts.stage import Deed, Stage

MEDIA = {"ảnh": "photo", "nhãn dán": "sticker", "tin thoại": "voice", "vị trí": "location"}


def _button(screens: list[Outbound], label: str) -> Button:
    for outbound in reversed(screens):
        for button in (button for row in outbound.buttons for button in row):
            if button.label == label:
                return button
    raise ValueError(f"nothing is labelled {label!r}")


async def _tap(stage: Stage, line: Line, label: str) -> list[Outbound]:
    return await stage.receive(line, tap=_button(stage.actor(line).screens[-1:], label).tap)


async def _tap_twice(stage: Stage, line: Line, label: str) -> list[Outbound]:
    tap = _button(stage.actor(line).screens[-1:], label).tap
    return [*await stage.receive(line, tap=tap), *await stage.receive(line, tap=tap)]


async def _tap_old(stage: Stage, line: Line, label: str) -> list[Outbound]:
    return await stage.receive(line, tap=_button(stage.actor(line).screens[:-1], label).tap)


async def _again(stage: Stage, line: Line) -> list[Outbound]:
    before = stage.actor(line).before
    assert before is not None, "nothing was sent before"
    return await stage.bring(line, before)


async def _send(stage: Stage, line: Line, what: str) -> list[Outbound]:
    return await stage.receive(line, media=MEDIA[what])


async def _type_long(stage: Stage, line: Line, length: str) -> list[Outbound]:
    words = "Đề nghị công đoàn nghe chúng tôi. "
    return await stage.receive(line, text=(words * (int(length) // len(words) + 1))[: int(length) - 1] + "x")


async def _block(stage: Stage, line: Line) -> list[Outbound]:
    return await stage.receive(line, left=True)


async def _open_link(stage: Stage, line: Line, unit: str) -> list[Outbound]:
    if unit not in stage.tokens:
        await make_link(stage, line, unit)
    return await stage.receive(line, start=stage.tokens[unit])


async def _open_invitation(stage: Stage, line: Line) -> list[Outbound]:
    return await stage.receive(line, start=stage.tokens["thư mời"])


async def _open_unknown(stage: Stage, line: Line) -> list[Outbound]:
    return await stage.receive(line, start="khong-ai-dua-ma-nay")


async def _open_page(stage: Stage, line: Line) -> list[Outbound]:
    assert stage.link, "no link to the web was given yet"
    return await stage.receive(line, start=stage.link)


async def _type(stage: Stage, line: Line, label: str) -> list[Outbound]:
    button = _button(stage.actor(line).screens[-1:], label)
    if posted.under(button.tap):  # it stands under a post only where there are buttons
        return await stage.receive(line, tap=button.tap)
    return await stage.receive(line, text=fold(label) if button.number is None else str(button.number))


async def _pass_over(stage: Stage, line: Line, label: str) -> list[Outbound]:
    return []


VERBS: dict[str, Deed] = {
    r"bấm hai lần (.+)": _tap_twice,
    r"bấm lại (.+)": _tap_old,  # on a screen further up
    r"bấm (.+)": _tap,
    r"gửi trùng": _again,  # the platform brings the last one once more
    r"gửi (ảnh|nhãn dán|tin thoại|vị trí)": _send,
    r"gõ (\d+) ký tự": _type_long,
    r"chặn": _block,
    r"mở đường dẫn lạ": _open_unknown,
    r"mở đường dẫn của (.+)": _open_link,
    r"mở thư mời": _open_invitation,
    r"mở đường dẫn vừa nhận": _open_page,
    r"nhận tin": bring_posts,  # what the house sends by itself and waits for them
}
# What the same people do where there are no buttons: the number of a choice, the word of a way. Nothing can be tapped
# twice there, and nothing on an old screen.
WITHOUT_BUTTONS: dict[str, Deed] = {
    **VERBS,
    r"bấm hai lần (.+)": _type,
    r"bấm lại (.+)": _pass_over,
    r"bấm (.+)": _type,
}
