"""Posts of a pack: what is taken, what is refused, and what makes two posts one."""

import shutil
from pathlib import Path

import pytest
import yaml

from conversations.files import JPEG, PDF, PNG, Seen, look
from conversations.packs import check, load
from conversations.posts import LONGEST, of_slogan, read_content

SHIPPED = Path("conversations/campaigns/kh136")
GOOD = {
    "id": "bai-1",
    "title": {"vi": "90 năm Đảng", "en": "90 years"},
    "text": {"vi": "Nội dung bài viết."},
    "phase": "dot-1",
    "topic": "dot-1.1",
    "source": {"issuer": "Liên đoàn Lao động tỉnh Sơn La", "number": "136/KH-LĐLĐ", "date": "2019-11-08"},
}
PIXEL = bytes.fromhex("89504e470d0a1a0a0000000d49484452") + (640).to_bytes(4, "big") + (480).to_bytes(4, "big")


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A copy of the shipped pack without its posts."""
    folder = tmp_path / "kh136"
    shutil.copytree(SHIPPED, folder, ignore=shutil.ignore_patterns("posts"))
    (folder / "posts" / "dot-1").mkdir(parents=True)
    return folder


def put(pack: Path, changes: dict[str, object], phase: str = "dot-1", name: str = "bai-1") -> None:
    told = {key: value for key, value in {**GOOD, **changes}.items() if value is not None}
    text = yaml.safe_dump(told, allow_unicode=True).replace("date: '2019-11-08'", "date: 2019-11-08")
    (pack / "posts" / phase / f"{name}.yaml").write_text(text, encoding="utf-8")


def test_a_post_with_a_source_is_taken(pack: Path) -> None:
    put(pack, {})
    post = load(pack).posts["bai-1"]
    assert (post.topic, post.source.number, post.in_("en")) == ("dot-1.1", "136/KH-LĐLĐ", "Nội dung bài viết.")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"source": None}, "source: this field is missing"),
        ({"source": {"issuer": "", "date": "2019-11-08"}}, "source.issuer"),
        ({"phase": "dot-9"}, "there is no phase dot-9"),
        ({"topic": "dot-2.1"}, "the phase dot-1 has no topic dot-2.1"),
        ({"topic": None}, "a post belongs to a topic, a theme or a slogan"),
        ({"theme": "nd-8"}, "publish_only is true there"),
        ({"slogan": "kh-1"}, "the slogan kh-1 is not word for word"),
        ({"picture": "x.png"}, "a picture needs words"),
        ({"picture": "x.png", "picture_alt": "Ảnh"}, "there is no x.png beside it"),
        ({"picture": "../../etc", "picture_alt": "Ảnh"}, "picture"),
        ({"text": {"en": "Only English"}}, "a post needs its words in 'vi'"),
        ({"text": {"vi": "a" * (LONGEST + 1)}}, f"at most {LONGEST} characters, and this one has {LONGEST + 1}"),
        ({"title": {"vi": "a" * 151}}, "at most 150 characters"),
        ({"colour": "red"}, "there is no such field"),
    ],
)
def test_a_faulty_post_is_named_with_its_fault(pack: Path, changes: dict[str, object], told: str) -> None:
    put(pack, changes)
    found = check(pack)
    assert any("bai-1.yaml" in fault and told in fault for fault in found), found


def test_files_that_nobody_would_read_are_named(pack: Path) -> None:
    put(pack, {})
    (pack / "posts" / "note.txt").write_text("x")
    put(pack, {"phase": "dot-2", "topic": "dot-2.1"}, name="bai-2")
    found = "\n".join(check(pack))
    assert "note.txt" in found
    assert "bai-2.yaml: id" in found or "the id is bai-1" in found
    assert "it lies in dot-1" in found


def test_a_picture_is_known_by_its_bytes(pack: Path) -> None:
    put(pack, {"picture": "a.png", "picture_alt": "Ảnh"})
    (pack / "posts" / "dot-1" / "a.png").write_bytes(b"GIF89a nothing")
    assert "a.png is not one of" in "\n".join(check(pack))
    (pack / "posts" / "dot-1" / "a.png").write_bytes(PIXEL)
    assert check(pack) == []


def test_what_bytes_are_is_told_by_their_headers() -> None:
    frame = bytes([0xFF, 0xC2, 0, 11, 8]) + (300).to_bytes(2, "big") + (400).to_bytes(2, "big") + bytes(4)
    jpeg = b"\xff\xd8\xff\xe0\x00\x04ab" + frame
    assert look(PIXEL) == Seen(PNG, 640, 480)
    assert look(jpeg) == Seen(JPEG, 400, 300)
    assert look(b"%PDF-1.7").kind == PDF
    assert look(b"") == look(b"\xff\xd8\xff") == look(b"<svg/>") == Seen("")
    assert not Seen(PNG, 6000, 100).fits
    assert not Seen(PNG, 4000, 100).fits


def test_a_slogan_becomes_a_post_word_for_word() -> None:
    pack = load(SHIPPED)
    for slogan in pack.slogans:
        content = of_slogan(slogan, pack, "dot-1")
        assert content.in_("vi") == slogan.text
        assert content.verbatim


def test_one_letter_makes_another_post() -> None:
    content = of_slogan(load(SHIPPED).slogans[0], load(SHIPPED), "dot-1")
    assert read_content(content.canonical()) == content
    assert read_content(content.canonical().replace("!", "")).digest != content.digest
