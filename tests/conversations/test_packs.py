"""The shipped pack says what the plan says; a broken pack is refused with file, line and field, never a traceback."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from conversations.faults import Faults, PackFault
from conversations.packs import Pack, check, load
from conversations.questions import ChoiceQuestion, ScaleQuestion, SeveralQuestion, WordsQuestion

HERE = Path(__file__).parent
KH136 = HERE.parents[1] / "conversations" / "campaigns" / "kh136"
SLOGANS = "52dcc6f3c73298cad5da39b853aedef785a810405ba47730fa999f292a692e86"
PASSAGES = "e85bc7f5450e84e070030e31848ad98c8c4e8d7395a512f5f029bf6fd9dbc22d"
REHEARSAL = date(2020, 1, 6)

CAMPAIGN, DRAFTS, LIFE = "campaign.yaml", "questionnaires/du-thao.yaml", "questionnaires/doi-song.yaml"


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load(KH136)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(KH136, tmp_path / "kh136"))


def test_the_nine_slogans_are_verbatim(pack: Pack) -> None:
    told = "".join(f"{slogan.text}\n" for slogan in pack.slogans).encode()
    assert told == (HERE / "slogans.txt").read_bytes()
    assert sha256(told).hexdigest() == SLOGANS
    assert [slogan.line for slogan in pack.slogans] == list(range(151, 168, 2))


def test_phases_topics_and_themes_are_verbatim(pack: Pack) -> None:
    passages = [each for phase in pack.phases for each in (phase, *phase.topics)] + list(pack.themes)
    assert sha256("".join(f"{each.line} {each.text}\n" for each in passages).encode()).hexdigest() == PASSAGES
    assert [len(phase.topics) for phase in pack.phases] == [8, 3, 4, 6]
    assert [theme.line for theme in pack.themes] == [67, 69, 71, 73, 75, 77, 79, 81]
    assert [theme.id for theme in pack.themes if theme.handling == "publish_only"] == ["nd-8"]


def test_every_day_of_the_campaign_is_in_one_phase(pack: Pack) -> None:
    day = pack.phases[0].starts
    assert not pack.phases[0].covers(day - timedelta(days=1))
    while day < date(2021, 3, 1):
        assert len([phase for phase in pack.phases if phase.covers(day)]) == 1
        day += timedelta(days=1)
    assert pack.phases[-1].covers(date(2030, 1, 1))


def test_anniversaries_are_the_plan_s_words_and_only_one_has_the_plan_s_day(pack: Pack) -> None:
    lines = {topic.line: topic.text for phase in pack.phases for topic in phase.topics}
    assert [each.id for each in pack.anniversaries if each.text not in lines[each.line]] == []
    assert [(each.id, str(each.date)) for each in pack.anniversaries if each.date_in_plan] == [
        ("tinh-son-la", "2020-10-10")
    ]
    assert [each.id for each in pack.anniversaries if each.date is None] == ["unesco"]
    assert {each.date.year - each.years for each in pack.anniversaries if each.date} == {1930, 1975, 1890, 1895}


def test_the_rules_of_release_and_of_the_report(pack: Pack) -> None:
    assert (pack.k, pack.hold, pack.period_close_day) == (10, 2, 8)
    assert (pack.report.due_before_day, pack.report.first_month) == (15, "2020-01")


def test_the_contact_of_2019_is_not_shipped(pack: Pack) -> None:
    assert pack.contact is None
    everything = "".join(path.read_text("utf-8") for path in KH136.rglob("*") if path.is_file())
    assert "@" not in everything
    assert "3789" not in everything


def test_drafts_offer_the_four_answers_and_words_after_any(pack: Pack) -> None:
    drafts = pack.questionnaires["du-thao"]
    assert drafts.sensitive
    assert len(drafts.questions) == 12
    for asked, words in zip(drafts.questions[::2], drafts.questions[1::2], strict=True):
        assert isinstance(asked, ChoiceQuestion)
        assert isinstance(words, WordsQuestion)
        assert [option.label("vi") for option in asked.options] == [
            "Tán thành", "Đồng ý một phần", "Không tán thành", "Chưa có ý kiến",
        ]  # fmt: skip
        assert not asked.shuffle
        assert words.when
        assert words.when.source == f"answered {asked.id}"
        assert words.max == 4000
        assert not words.required
        assert words.text.recalled == {asked.id}


def test_life_asks_the_topics_the_scale_and_free_words(pack: Pack) -> None:
    life = pack.questionnaires["doi-song"]
    topics, meal, words = life.by_id["quan-tam"], life.by_id["bua-an-ca"], life.questions[-1]
    assert isinstance(topics, SeveralQuestion)
    assert topics.most == 3
    assert [option.id for option in topics.options if option.exclusive] == ["khong-co"]
    assert len([option for option in topics.options if not option.exclusive]) == 25
    assert isinstance(meal, ScaleQuestion)
    assert len(meal.scale) == 5
    assert isinstance(words, WordsQuestion)
    assert words.max == 500
    assert len([step for step in life.steps if step.id.startswith("hai-long.")]) == 3


def test_buttons_are_short_and_everything_is_in_english_too(pack: Pack) -> None:
    for questionnaire in pack.questionnaires.values():
        for question in questionnaire.questions:
            assert question.text.root.keys() == {"vi", "en"}
            for option in getattr(question, "options", ()):
                assert option.text.root.keys() == {"vi", "en"}
                assert max(len(option.label("vi")), len(option.label("en"))) <= 20


def test_both_are_open_in_the_rehearsal_and_within_their_phases(pack: Pack) -> None:
    assert [each.id for each in pack.open_on(REHEARSAL)] == ["doi-song", "du-thao"]
    drafts = pack.questionnaires["du-thao"]
    assert (drafts.opens, drafts.closes) == (pack.phases[0].starts, pack.phases[1].ends)
    assert pack.open_on(drafts.closes + timedelta(days=1)) == [pack.questionnaires["doi-song"]]
    assert pack.open_on(date(2026, 1, 1)) == []


def test_a_scope_ends_with_a_phase_that_there_is(copy: Path) -> None:
    path = copy / "slogans.yaml"
    path.write_text(path.read_text("utf-8").replace("dai-hoi-xiii: dot-3", "dai-hoi-xiii: dot-9"), "utf-8")
    (fault,) = faults_of(copy)
    assert (fault.field, fault.message) == ("scopes.dai-hoi-xiii", "there is no phase dot-9")


def test_texts_are_nfc(copy: Path, pack: Pack) -> None:
    path = copy / "slogans.yaml"
    path.write_text(path.read_text("utf-8").replace("ệ", "e\u0323\u0302"), "utf-8-sig")
    assert load(copy).slogans == pack.slogans


@dataclass(frozen=True)
class Planted:
    """A fault put into a file: `new` in place of `old`; then the line holding `line`, the field and words are named."""

    file: str
    old: str
    new: str
    line: str
    field: str
    words: str


PLANTED = [
    Planted(CAMPAIGN, "k: 10", "k: 3", "k: 3", "k", "greater than or equal to 5"),
    Planted(CAMPAIGN, "k: 10", "k: mười", "k: mười", "k", "whole number (here: mười)"),
    Planted(CAMPAIGN, "k: 10", "k: 10\nmàu: đỏ", "màu: đỏ", "màu", "no such field"),
    Planted(CAMPAIGN, "k: 10", "k: 10\nhold: 3", "hold: 2", "hold", "given twice"),
    Planted(CAMPAIGN, "hold: 2", "hold: true", "hold: true", "hold", "whole number"),
    Planted(CAMPAIGN, "  first_month: 2020-01", "  first_month: 2020-13", "2020-13", "report.first_month", "pattern"),
    Planted(CAMPAIGN, "    line: 85\n", "", "id: dot-1", "phases[dot-1].line", "missing"),
    Planted(CAMPAIGN, "starts: 2020-11-01", "starts: 2020-10-31", "2020-10-31", "phases[dot-2].starts", "ends only on"),
    Planted(CAMPAIGN, "starts: 2020-11-01", "starts: 2020-11-31", "2020-11-31", "phases[dot-2].starts", "no such date"),
    Planted(CAMPAIGN, "starts: 2020-11-01", "starts: '2020-11-01'", "'2020", "phases[dot-2].starts", "without quotes"),
    Planted(CAMPAIGN, "ends: 2020-10-31", "ends: 2019-10-31", "ends: 2019", "phases[dot-1].ends", "before it starts"),
    Planted(CAMPAIGN, "ends: 2020-10-31", "ends: null", "id: dot-1", "phases[dot-1]", "only the last phase"),
    Planted(CAMPAIGN, "number: 2", "number: 3", "number: 3", "phases[dot-2].number", "2 is expected"),
    Planted(CAMPAIGN, "id: dot-1.2", "id: dot-2.1", "id: dot-2.1", "phases[dot-2].topics[dot-2.1].id", "given twice"),
    Planted(CAMPAIGN, "- id: nd-3", "- id: Nội dung", "id: Nội dung", "themes[Nội dung].id", "pattern"),
    Planted(CAMPAIGN, "handling: publish_only", "handling: score", "score", "themes[nd-8].handling", "publish_only"),
    Planted(CAMPAIGN, "id: unesco", "id: thong-nhat", "", "anniversaries[thong-nhat].id", "given twice"),
    Planted(CAMPAIGN, "date: 2020-10-10", "date: null", "date: null", "anniversaries[tinh-son-la].date", "names a day"),
    Planted(CAMPAIGN, "date_in_plan: true", "date_in_plan: maybe", "maybe", "anniversaries[tinh-son-la].date_in_plan",
            "true or false"),
    Planted(CAMPAIGN, "  place: Sơn La", "\tplace: Sơn La", "\tplace", "", "not YAML"),
    Planted(CAMPAIGN, "  place: Sơn La", "  place: [Sơn La", "issuer:", "", "from line"),
    Planted(CAMPAIGN, "  place: Sơn La", "  place: !!python/name:os.system x", "!!python", "", "not YAML"),
    Planted(CAMPAIGN, "  place: Sơn La", "  place: \x07", "\x07", "", "control character"),
    Planted("slogans.yaml", "muôn năm", "muôn năm" * 40, "muôn năm" * 2, "slogans[kh-7].text", "at most 300"),
    Planted("slogans.yaml", "id: kh-2", "id: kh-1", "", "slogans[kh-1].id", "given twice"),
    Planted("slogans.yaml", "dai-hoi-xiii: dot-3", "tet: dot-3", "tet", "scopes.tet", "no slogan has"),
    Planted("slogans.yaml", "slogans:", "khẩu hiệu:", "khẩu hiệu", "slogans", "missing"),
    Planted(DRAFTS, "id: du-thao", "id: du-thao-2", "id: du-thao-2", "id", "du-thao.yaml"),
    Planted(DRAFTS, "closes: 2021-01-25", "closes: 2019-01-25", "closes: 2019", "closes", "before it opens"),
    Planted(DRAFTS, "id: dang-bo-tinh\n", "id: dang-bo-cac-cap\n", "id: dang-bo-cac-cap",
            "questions[dang-bo-cac-cap].id", "two questions"),
    Planted(DRAFTS, "when: answered dang-bo-tinh", "when: answered xay-dung-dang", "when: answered xay-dung-dang",
            "questions[dang-bo-tinh-gop-y].when", "later"),
    Planted(DRAFTS, "when: answered dang-bo-tinh", "when: answered who", "answered who",
            "questions[dang-bo-tinh-gop-y].when", "no question 'who'"),
    Planted(DRAFTS, "when: answered dang-bo-tinh", "when: dang-bo-tinh == yes", "== yes",
            "questions[dang-bo-tinh-gop-y].when", "no 'yes'"),
    Planted(DRAFTS, "when: answered dang-bo-tinh", "when: __import__('os')", "__import__",
            "questions[dang-bo-tinh-gop-y].when", ""),
    Planted(DRAFTS, "“{dang-bo-tinh}”. Anh/chị", "“{dang-bo}”. Anh/chị", "text:",
            "questions[dang-bo-tinh-gop-y].text", "dang-bo"),
    Planted(DRAFTS, "{id: tan-thanh, text: {vi: Tán thành, en: Agree}}", "{id: tan-thanh}", "{id: tan-thanh}",
            "questions[dang-bo-cac-cap].options[tan-thanh].text", "missing"),
    Planted(DRAFTS, "{vi: Tán thành, en: Agree}", "{en: Agree}", "{en: Agree}",
            "questions[dang-bo-cac-cap].options[tan-thanh].text", "'vi'"),
    Planted(LIFE, "{id: on-dinh,", "{id: thieu-viec,", "{id: thieu-viec, text: {vi: Thiếu việc",
            "questions[viec-lam].options[thieu-viec]", "two options"),
    Planted(LIFE, "kind: scale", "kind: scala", "kind: scala", "questions[bua-an-ca].kind", "'scala'"),
    Planted(LIFE, "    kind: scale\n", "", "id: bua-an-ca", "questions[bua-an-ca].kind", "missing"),
    Planted(LIFE, "max: 500", "max: 5000", "max: 5000", "questions[de-nghi].max", "4000"),
    Planted(LIFE, "max: 3", "max: 300", "", "questions[quan-tam].min", "do not fit"),
]  # fmt: skip


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: f"{planted.file}: {planted.new[:40]}")
def test_a_planted_fault_is_named(copy: Path, planted: Planted) -> None:
    path = copy / planted.file
    text = path.read_text("utf-8")
    assert planted.old in text
    path.write_text(text.replace(planted.old, planted.new, 1), "utf-8")
    fault = faults_of(copy)[0]
    assert fault.file == str(path)
    assert planted.line in path.read_text("utf-8").split("\n")[fault.line - 1]
    assert fault.field == planted.field
    assert planted.words in fault.message
    assert check(copy)[0].startswith(f"{path}:{fault.line}: ")


def faults_of(folder: Path) -> tuple[PackFault, ...]:
    with pytest.raises(Faults) as caught:
        load(folder)
    return caught.value.faults


def rewritten(name: str, content: bytes) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_bytes(content)


def emptied(folder: Path) -> None:
    for path in (folder / "questionnaires").iterdir():
        path.unlink()


def a_folder_instead(folder: Path) -> None:
    (folder / "slogans.yaml").unlink()
    (folder / "slogans.yaml").mkdir()


DAMAGED: list[tuple[str, Callable[[Path], object], str]] = [
    ("campaign.yaml", lambda folder: (folder / "campaign.yaml").unlink(), "missing"),
    ("units.csv", lambda folder: (folder / "units.csv").unlink(), "missing"),
    ("questionnaires", lambda folder: shutil.rmtree(folder / "questionnaires"), "missing"),
    ("questionnaires", emptied, "holds no"),
    ("slogan.yaml", lambda folder: (folder / "slogan.yaml").touch(), "no part of a pack"),
    ("questionnaires/a.yml", lambda folder: (folder / "questionnaires/a.yml").touch(), "ending in .yaml"),
    ("slogans.yaml", a_folder_instead, "read"),
    ("slogans.yaml:1", rewritten("slogans.yaml", b""), "empty"),
    ("slogans.yaml:2", rewritten("slogans.yaml", "a: 1\nb: Tự do, độc lập é\n".encode("utf-16-le")), "UTF-8"),
    ("slogans.yaml:2", rewritten("slogans.yaml", "a: 1\nb: d\xe9mocratie\n".encode("latin-1")), "UTF-8"),
    ("slogans.yaml:1", rewritten("slogans.yaml", b"[" * 100_000), "50 levels"),
    ("slogans.yaml:1", rewritten("slogans.yaml", b"- 1\n- 2\n"), "set of fields"),
    ("slogans.yaml:1", rewritten("slogans.yaml", b"&a [*a, 2020-02-31]"), "no such date"),
    ("slogans.yaml:2", rewritten("slogans.yaml", b"slogans: []\n---\nslogans: []\n"), "not YAML"),
]


@pytest.mark.parametrize(("place", "damage", "words"), DAMAGED, ids=[f"{place} {words}" for place, _, words in DAMAGED])
def test_a_damaged_folder_is_named(copy: Path, place: str, damage: Callable[[Path], object], words: str) -> None:
    damage(copy)
    told = check(copy)
    assert any(each.startswith(f"{copy / place}: ") and words in each for each in told), told


def test_no_folder_at_all(tmp_path: Path) -> None:
    assert check(tmp_path / "none") == [f"{tmp_path / 'none'}: no pack is here (No such file or directory)"]
    (tmp_path / "file").touch()
    assert check(tmp_path / "file") == [f"{tmp_path / 'file'}: no pack is here (Not a directory)"]


def test_all_files_are_checked_at_once(copy: Path) -> None:
    for name in (CAMPAIGN, "slogans.yaml", DRAFTS, LIFE):
        with (copy / name).open("a", encoding="utf-8") as file:
            file.write("\nlạ: 1\nlạ khác: 2\n")
    told = check(copy)
    assert len(told) == 8
    assert all("no such field" in each for each in told)


def test_a_sound_pack_has_no_faults() -> None:
    assert check(KH136) == []


def test_shipped_posts_are_the_plans_own_words(pack: Pack) -> None:
    topics = {topic.id: (phase.id, topic) for phase in pack.phases for topic in phase.topics}
    themes = {theme.id: theme for theme in pack.themes}
    for post in pack.posts.values():
        phase, passage = topics[post.topic] if post.topic else (post.phase, themes[post.theme])
        assert post.text == {"vi": passage.text}, post.id
        assert post.title == passage.short_title
        assert (post.phase, post.verbatim) == (phase, True)
        assert (post.source.number, post.source.date) == (pack.source.number, pack.source.date)
        assert post.publish_only == (passage.handling == "publish_only")
        assert post.asks in ("", *pack.questionnaires)
    # What is announced once it has happened (the quick notices of results) is for officers to write.
    assert {post.topic for post in pack.posts.values()} - {""} == set(topics) - {"dot-1.8", "dot-4.2"}
    assert {post.theme for post in pack.posts.values()} - {""} == set(themes)
