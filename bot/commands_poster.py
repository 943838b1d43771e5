"""`langnghe units poster`: a slogan on A4 or A3 with the code by which people join a unit."""

import asyncio
from pathlib import Path

import click

from bot.foundation import lay
from bot.settings import OperatorError, Settings, read
from handlers.rendering.card import TEMPLATES
from handlers.rendering.poster import PAPERS
from handlers.slogan_cards import Asked, asked, in_use, poster_of, poster_pdf
from locales.formats import local_day
from models.joining import make_link


@click.command()
@click.option("--unit", required=True, metavar="CODE", help="Code of the unit that hangs it up.")
@click.option("--slogan", metavar="ID", default="", help="A slogan's id, such as kh-5; the first in use if left out.")
@click.option("--size", type=click.Choice(list(PAPERS)), default="a4", show_default=True)
@click.option("--template", type=click.Choice(list(TEMPLATES)), default="red", show_default=True)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="The file; named by itself if left out.")
def poster(unit: str, slogan: str, size: str, template: str, out: Path | None) -> None:
    """Print a poster as a PDF file."""
    path = asyncio.run(print_poster(read(), unit, f"{slogan}-{size}-{template}", out))
    click.echo(path)


async def print_poster(settings: Settings, code: str, wanted: str, out: Path | None = None) -> Path:
    """Print a poster into a file and give its path; `wanted` is like "kh-5-a4-red". Raises OperatorError."""
    foundation = await lay(settings)
    house, now = foundation.house, foundation.now()
    try:
        async with foundation.engine.begin() as conn:
            if wanted.startswith("-"):
                first = next(iter(await in_use(conn, house, now)), None)
                wanted = f"{first.id if first else ''}{wanted}"
            unit = (await house.tree(conn, local_day(now))).coded(code)
            if unit is None:
                raise OperatorError(f"{code!r} is the code of no unit today")
            its = _known(asked(house, wanted, PAPERS), [slogan.id for slogan in house.pack.slogans])
            token = await make_link(conn, unit.id, now)
            sheet = await poster_of(conn, house, token, its.slogan, local_day(now))
    finally:
        await foundation.close()
    assert sheet is not None  # the link was made just now
    path = out or Path(f"{its.slogan.id}-{its.size}-{code}.pdf")
    try:
        path.write_bytes(poster_pdf(sheet, its.size, its.template))
    except OSError as error:
        raise OperatorError(f"{path} cannot be written ({error.strerror})") from None
    return path


def _known(its: Asked | None, slogans: list[str]) -> Asked:
    if its is None:
        raise OperatorError(f"there is no such slogan; there are {', '.join(slogans) or 'none'}")
    return its
