"""A real product with people at its web chat and on its Telegram, all of whose words and names are canaries."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import text

from bot.foundation import lay
from bot.settings import Settings
from models.database import open_engine
from models.joining import make_link
from models.keys import Keys
from tests.guarantees.canaries import (
    ACCOUNT,
    CAPTION,
    NAME,
    NUMBER,
    PHONE,
    PLACE,
    SURNAME,
    WORDS,
    pack,
    sung,
    words,
)
from tests.guarantees.dumps import dump
from tests.guarantees.visitor import Visitor
from tests.platforms.telegram import FakeTelegram, Phone
from tests.transcripts.stage import OPENING
from tests.walks.product import AS_OF, COMMAND, TOKEN, Product
from tests.walks.reading import read

TOGETHER, ALONE, HALFWAY = range(6), 6, 7  # six of one unit, one of another, and one who never sends
KEYS = "rehearsal-keys.json"
SEALED = {
    "pending": "SELECT period, sealed, 'pending:' || person_id || ':' || questionnaire FROM pending",
    "outbox": "SELECT period, sealed, channel || ':' || \"user\" FROM outbox",
}


@dataclass
class Scene:
    """A product with a Telegram beside it, and the tokens of two units."""

    folder: Path
    url: str
    product: Product
    telegram: FakeTelegram
    tokens: tuple[str, str]
    copies: list[Path] = field(default_factory=list)

    @property
    def keys(self) -> Keys:
        """The keys as they are now."""
        return Keys.open(self.folder / "data" / KEYS)

    @property
    def address(self) -> str:
        """Where the product is reached."""
        return f"http://127.0.0.1:{self.product.port}"

    async def silent(self, canaries: Sequence[str]) -> None:
        """No canary stands in any file, in any table, or in what was printed; and no key but in the one key file."""
        keys = self._written_keys()
        for path in [*(self.folder / "data").iterdir(), *self.copies]:
            content = path.read_bytes() if path.is_file() else b""
            assert sung(content, canaries) == [], path.name
            assert path.name == KEYS or not any(key in content for key in keys), path.name
        assert sung(self.product.output.encode(), canaries) == []
        engine = open_engine(self.url)
        async with engine.connect() as conn:
            tables = await dump(conn, sealed=True)
        await engine.dispose()
        for name, rows in tables.items():
            assert sung(repr(rows).encode(), canaries) == [], name

    def _written_keys(self) -> list[bytes]:
        """Every key as its file writes it, and as it is."""
        kept = json.loads((self.folder / "data" / KEYS).read_text())["keys"].values()
        return [form for key in kept for form in (key.encode(), base64.b64decode(key))]

    async def sealed(self, table: str, url: str = "") -> list[tuple[str, bytes, bytes]]:
        """Everything sealed in a table: the key's name, the bytes, and what they are bound to."""
        engine = open_engine(url or self.url)
        async with engine.connect() as conn:
            rows = (await conn.execute(text(SEALED[table]))).all()
        await engine.dispose()
        return [(period, bytes(sealed), bound.encode()) for period, sealed, bound in rows]


@asynccontextmanager
async def staged(database_url: str, folder: Path) -> AsyncIterator[Scene]:
    """Prepare a product in a folder, on a database; it is not yet started."""
    data = folder / "data"
    if database_url.startswith("sqlite"):
        database_url = f"sqlite+aiosqlite:///{data}/rehearsal.db"
    campaign = str(pack(folder))
    given = Settings(data_dir=data, as_of=AS_OF, database_url=database_url, campaign=campaign, _env_file=None)
    foundation = await lay(given)
    async with foundation.engine.begin() as conn:
        tree = await foundation.house.tree(conn, AS_OF)
        units = [unit.id for unit in tree.post_order() if unit.kind.startswith("cdcs")][:2]
        first, second = [await make_link(conn, unit, OPENING) for unit in units]
    await foundation.close()
    async with FakeTelegram(TOKEN) as telegram:
        product = Product(data, telegram.base_url, DATABASE_URL=database_url, CAMPAIGN=campaign)
        yield Scene(folder, database_url, product, telegram, (first, second))
        await product.close()


@asynccontextmanager
async def answered(scene: Scene) -> AsyncIterator[list[Visitor]]:
    """Everybody has answered on the web; all but one have sent."""
    async with AsyncExitStack() as browsers:
        people = [await browsers.enter_async_context(Visitor(scene.address)) for _ in (*TOGETHER, ALONE, HALFWAY)]
        for number, visitor in enumerate(people):
            await visitor.say(start=scene.tokens[number == ALONE])
            await visitor.walk({"chọn gì": "1", "một số": str(NUMBER), "nói thêm": words(number)})
            if number != HALFWAY:
                await visitor.tap("send")
        yield people


async def shows_everything(scene: Scene) -> None:
    """Somebody with a name on Telegram sends all that one can send, in the midst of a question."""
    phone = Phone(scene.telegram, 4711)
    named = {"id": 4711, "is_bot": False, "first_name": NAME, "last_name": SURNAME, "username": ACCOUNT}
    place = {"id": 4711, "type": "private", "first_name": NAME, "last_name": SURNAME, "username": ACCOUNT}
    photo = [{"file_id": CAPTION, "file_unique_id": CAPTION, "width": 90, "height": 90}]
    contents: list[dict[str, object]] = [
        {"photo": photo, "caption": CAPTION},
        {"document": {"file_id": CAPTION, "file_unique_id": CAPTION, "file_name": f"{CAPTION}.pdf"}, "caption": WORDS},
        {"contact": {"phone_number": PHONE, "first_name": NAME}},
        {"location": {"latitude": PLACE, "longitude": PLACE}},
        {"text": words(99)},
        {"text": f"/{WORDS}"},
    ]
    await phone.start(scene.tokens[1])
    while "chọn gì" not in (await phone.next_screen(30)).text:
        seen = read(phone.screen)
        assert seen is not None
        step = next(tap for name, tap in seen.taps.items() if name == "yes" or name.startswith(("q:", "begin:")))
        phone.tap_data(step, seen.message)
    for content in contents:
        phone.send_content({**content, "from": named, "chat": place})
        await phone.next_screen(30)


async def back_up(scene: Scene) -> str:
    """Copy the embedded database while the house runs, as an operator does; gives the copy's URL."""
    copy = scene.folder / f"copy-{len(scene.copies)}.db"
    made = await asyncio.create_subprocess_exec(
        COMMAND, "backup", str(copy), env=scene.product.environment, cwd=scene.folder
    )
    assert await made.wait() == 0
    scene.copies.append(copy)
    return f"sqlite+aiosqlite:///{copy}"
