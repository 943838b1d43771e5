"""Every message that was not asked for says how to stop it; what stands in public has nothing to stop."""

from datetime import date
from pathlib import Path

from conversations.posts import Content, PostSource
from handlers import posting
from handlers.house import House
from handlers.posting import Setting, Sheet
from models.keys import Keys
from models.subscriptions import TOPICS
from tests.transcripts.house import CAMPAIGN, PHRASES

DAY = date(2020, 1, 6)
POST = Sheet(
    Content(
        title="Ngày hội",
        text={"vi": "Mời anh chị.", "en": "You are invited."},
        phase="dot-1",
        source=PostSource(issuer="Liên đoàn", number="1", date=DAY),
    )
)


def opened(folder: Path) -> House:
    house = House(CAMPAIGN, PHRASES, Keys.open(folder / "keys.json"))
    house.wordy = {"zalo-bot"}
    return house


def test_a_message_to_a_person_has_one_button_that_stops_its_topic(tmp_path: Path) -> None:
    house = opened(tmp_path)
    for topic in TOPICS:
        shown = posting.direct(house, POST, Setting("vi", DAY, topic, "telegram"))
        stops = [(each.label, each.tap) for row in shown.buttons for each in row if each.tap.startswith("off.")]
        assert stops == [("Thôi nhận tin này", f"off.{topic}")]


def test_where_there_are_no_buttons_the_words_say_what_stops_it(tmp_path: Path) -> None:
    house = opened(tmp_path)
    for lang, words in (("vi", "dừng"), ("en", "stop")):
        shown = posting.direct(house, POST, Setting(lang, DAY, "news", "zalo-bot"))
        assert shown.buttons == ()
        assert words in shown.text.rpartition("\n\n")[2]


def test_in_public_nothing_is_to_be_stopped(tmp_path: Path) -> None:
    shown = posting.public(opened(tmp_path), POST, Setting("vi", DAY, channel="telegram"))
    assert not [each for row in shown.buttons for each in row if each.tap]
    assert "dừng" not in shown.text
