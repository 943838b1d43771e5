"""Words that stand in all that people say and are, and may stand in no file and no log, in whatever disguise."""

import base64
import json
import shutil
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

import yaml

from bot.foundation import PACKS
from locales.vietnamese import fold

WORDS, NUMBER = "Chim-vành-khuyên", 731955528
NAME, SURNAME, ACCOUNT, CAPTION = "Vàng-anh", "Sáo-sậu", "chao_mao_den", "Bồ-câu-gầm-ghì"
PLACE = 21.32768451
PHONE = "0912345678"
CHOSEN, OTHER = "hoa-mi-den", "hoa-mi-xanh"
TYPED = (WORDS, str(NUMBER), PHONE)
SHOWN = (NAME, SURNAME, ACCOUNT, CAPTION, str(PLACE))
FORM = {
    "id": "chim",
    "title": {"vi": "Hỏi thăm"},
    "minutes": 1,
    "opens": "2019-11-08",
    "closes": "2020-12-31",
    "questions": [
        {
            "id": "chon",
            "kind": "choice",
            "text": {"vi": "Anh/chị chọn gì?"},
            "options": [{"id": CHOSEN, "text": {"vi": "Điều một"}}, {"id": OTHER, "text": {"vi": "Điều hai"}}],
        },
        {
            "id": "so",
            "kind": "number",
            "min": 0,
            "max": 999_999_999,
            "text": {"vi": "Anh/chị cho một số?"},
            "bands": [
                {"id": "it", "text": {"vi": "Ít"}, "below": 1000},
                {"id": "nhieu", "text": {"vi": "Nhiều"}, "from": 1000},
            ],
        },
        {"id": "noi", "kind": "words", "text": {"vi": "Anh/chị nói thêm gì?"}},
    ],
}


def pack(folder: Path) -> Path:
    """Write a campaign with the one questionnaire, and groups of five."""
    made = shutil.copytree(PACKS / "kh136", folder / "packs" / "chim")
    for file in (made / "questionnaires").iterdir():
        file.unlink()
    asked = yaml.safe_dump(FORM, allow_unicode=True, sort_keys=False)
    (made / "questionnaires" / "chim.yaml").write_text(asked, encoding="utf-8")
    campaign = made / "campaign.yaml"
    campaign.write_text(campaign.read_text("utf-8").replace("\nk: 10 ", "\nk: 5 "), encoding="utf-8")
    return made


def words(number: int) -> str:
    """What one person writes."""
    return f"{WORDS} {number:03d} xin thêm bữa sáng"


def disguises(canary: str) -> set[bytes]:
    """A canary as files may hold it: encodings, letter cases, without marks, escaped, in base64 at any offset."""
    cases = {canary, canary.casefold(), canary.upper(), fold(canary)}
    found = {case.encode(coding) for case in cases for coding in ("utf-8", "utf-16-le", "utf-16-be")}
    found |= {quote(canary).encode(), json.dumps(canary)[1:-1].encode(), repr(canary.encode())[2:-1].encode()}
    plain = canary.encode()
    for offset in range(3):
        coded = base64.b64encode(b"\0" * offset + plain)
        found.add(coded[4 if offset else 0 : -4])
    return {form for form in found if len(form) >= 6}


def sung(content: bytes, canaries: Iterable[str]) -> list[str]:
    """Which canaries can be heard in some bytes."""
    return [canary for canary in canaries if any(form in content for form in disguises(canary))]
