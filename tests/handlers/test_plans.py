"""Officers, and they alone, are told when a platform's plan comes to its end."""

from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncConnection

from models.budget import Budget
from tests.handlers.province import province

TOLD = "Zalo Bot: tháng này đã gửi 2.400/3.000 tin của gói."


async def test_a_plan_that_ends_is_told_on_the_home_screen_of_officers(conn: AsyncConnection, tmp_path: Path) -> None:
    town = await province(conn, tmp_path)
    town.house.budgets["zalo-bot"] = Budget(2400, 3000, 12, 50)
    await town.appoint(town.tree.roots[0].id)
    told = (await town.say("/start")).text
    assert TOLD in told
    assert "người của gói" not in told
    town.house.budgets["zalo-bot"] = Budget(7, 3000, 40, 50)
    assert "Zalo Bot: đã có 40/50 người của gói." in (await town.say("/start")).text
    town.house.budgets["zalo-bot"] = Budget(7, 3000, 12, 50)
    assert "Zalo Bot" not in (await town.say("/start")).text


async def test_nobody_else_is_told(conn: AsyncConnection, tmp_path: Path) -> None:
    town = await province(conn, tmp_path)
    town.house.budgets["zalo-bot"] = Budget(3000, 3000, 50, 50)
    assert "Zalo Bot" not in (await town.say("/start")).text
