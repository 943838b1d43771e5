"""The post and the plan that an officer works on, wherever they are kept, and who may touch them.

What nobody has handed in yet is a sketch of its writer. Once handed in it is a version of a post with a broadcast, and
each change is another version, which voids a submission or an approval; only what makes no whole post lies over it.
"""

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from conversations import drafting
from conversations.drafting import Draft
from conversations.posts import Content, read_content
from handlers import scope
from handlers.commands import APPROVER, EDITOR
from handlers.content import written
from handlers.visit import Visit
from models import audiences, broadcasts, posts, sketches
from models.audiences import Audience
from models.audit import Act
from models.broadcasts import EDITABLE, SCHEDULED, SUBMITTED, Broadcast, Plan, Refused
from models.posts import Version
from models.sketches import Sketch
from models.units import Unit

NAME = "broadcast"
NEWS = "news"
SIGHT = 200  # of one kind that are looked at


@dataclass(frozen=True, slots=True)
class Work:
    """A draft and its plan; `sketch` is where it is kept (0: nowhere yet), `known` the broadcast that it is."""

    draft: Draft
    plan: Plan
    sketch: int = 0
    known: Broadcast | None = None

    @property
    def where(self) -> dict[str, int]:
        """How the open talk remembers it."""
        return {"id": self.known.id} if self.known else {"sketch": self.sketch}

    @property
    def placed(self) -> bool:
        """Whether it belongs to a topic, a theme or a slogan; what the house writes of results does not."""
        return self.plan.kind != "results"

    def says(self, **words: Any) -> "Work":
        """The same with other words; None takes a part out."""
        said = {name: value for name, value in {**self.draft, **words}.items() if value is not None}
        return replace(self, draft=said)

    def plans(self, **changed: Any) -> "Work":
        """The same with another plan."""
        return replace(self, plan=replace(self.plan, **changed))

    def aims(self, **changed: Any) -> "Work":
        """The same for another audience."""
        return self.plans(audience=replace(self.plan.audience or Audience(NEWS), **changed))


def act(visit: Visit) -> Act:
    """The act of whoever writes to us now."""
    return Act(visit.at, str(visit.person.id))


async def tops(visit: Visit, role: str) -> tuple[Unit, ...]:
    """The units over which somebody holds a role."""
    return await scope.tops(visit, await visit.tree(), (role,))


async def holds(visit: Visit, role: str) -> bool:
    """Whether somebody holds a role over any unit."""
    return any(grant.role == role for grant in await visit.grants())


async def covers(visit: Visit, plan: Plan, *roles: str) -> bool:
    """Whether one of the roles of somebody reaches over all of a plan: public places and all units ask for the top."""
    if await scope.at_the_top(visit, roles):
        return True
    if plan.outlets or plan.audience is None or not plan.audience.unit:
        return False
    tree = await visit.tree()
    return scope.within(tree, await scope.tops(visit, tree, roles), plan.audience.unit)


async def seen(visit: Visit, statuses: tuple[str, ...]) -> list[Broadcast]:
    """The broadcasts in some statuses that somebody may look at; never the house's own reminders."""
    found = await broadcasts.listed(visit.conn, statuses, most=SIGHT)
    return [each for each in found if each.plan.kind != "reminder" and await covers(visit, each.plan, EDITOR, APPROVER)]


async def broadcast(visit: Visit, *roles: str) -> Broadcast | None:
    """The broadcast that the open talk is about, for somebody with one of the roles over it."""
    known = await broadcasts.find(visit.conn, int(visit.person.data.get("id") or 0))
    allowed = known and known.plan.kind != "reminder" and await covers(visit, known.plan, *roles)
    return known if allowed else None


async def version(visit: Visit, known: Broadcast) -> Version:
    """The version of its post that a broadcast sends."""
    found = await posts.version(visit.conn, known.plan.post_id, known.plan.version)
    if found is None:
        raise ValueError(f"broadcast {known.id} has no post")
    return found


# ---- where it is kept


async def begin(visit: Visit, draft: Draft, post: Version | None = None) -> Work:
    """Begin a sketch, for the unit of whoever begins it; `post` is what it sends unless its words are changed."""
    unit = (await tops(visit, EDITOR))[0]
    plan = Plan(post.post_id if post else 0, post.number if post else 0, Audience(NEWS, unit=unit.id))
    work = Work(draft, plan)
    return replace(work, sketch=await sketches.add(visit.conn, visit.person.id, _body(work), visit.today.isoformat()))


async def find(visit: Visit) -> Work | None:
    """What the open talk is about; None for what is gone, or is not theirs to edit."""
    if not await holds(visit, EDITOR):
        return None
    if "sketch" in visit.person.data:
        sketch = await sketches.find(visit.conn, visit.person.id, int(visit.person.data["sketch"]))
        return _read(sketch) if sketch else None
    known = await broadcast(visit, EDITOR)
    if known is None:
        return None
    over = await sketches.over(visit.conn, visit.person.id, known.id)
    if over and (laid := _read(over)).plan == known.plan:
        return replace(laid, known=known)
    return Work(drafting.started(read_content((await version(visit, known)).body)), known.plan, known=known)


async def mine(visit: Visit) -> list[Work]:
    """What somebody is writing and has not handed in."""
    return [_read(each) for each in await sketches.of(visit.conn, visit.person.id)]


def whole(visit: Visit, work: Work) -> Content | None:
    """The post that it is, None while it is none."""
    pack = visit.house.pack
    return drafting.whole(work.draft, pack, pack.slogans, placed=work.placed)


async def keep(visit: Visit, work: Work) -> None:
    """Keep a change at once, and say so where it voids a submission or an approval."""
    if work.known is None:
        await sketches.keep(visit.conn, work.sketch, _body(work), visit.today.isoformat())
        return
    try:
        content = whole(visit, work)
        voided = await (_revise(visit, work, content) if content else _lay_over(visit, work))
    except Refused:
        visit.notice(visit.t("broadcast.begun"))
        return
    if voided:
        visit.notice(visit.t("broadcast.voided"))


async def _revise(visit: Visit, work: Work, content: Content) -> bool:
    known = _known(work)
    if known.status not in EDITABLE:
        raise Refused("status")
    over = await sketches.over(visit.conn, visit.person.id, known.id)
    post_id, number = await _written(visit, work, content)
    if over:
        await sketches.drop(visit.conn, over.id)
    plan = replace(work.plan, post_id=post_id, version=number)
    voided = await broadcasts.change(visit.conn, known.id, plan, act(visit))
    for other in await broadcasts.of_post(visit.conn, post_id):
        await broadcasts.change(visit.conn, other.id, replace(other.plan, version=number), act(visit))
    return voided


async def _lay_over(visit: Visit, work: Work) -> bool:
    known = _known(work)
    voided = known.status in (SUBMITTED, SCHEDULED)
    if voided:
        await broadcasts.send_back(visit.conn, known.id, act(visit))
    elif known.status not in EDITABLE:
        raise Refused("status")
    if work.plan != known.plan:
        await broadcasts.change(visit.conn, known.id, work.plan, act(visit))
    over = await sketches.over(visit.conn, visit.person.id, known.id)
    day = visit.today.isoformat()
    if over:
        await sketches.keep(visit.conn, over.id, _body(work), day)
    else:
        await sketches.add(visit.conn, visit.person.id, _body(work), day, known.id)
    return voided


async def _written(visit: Visit, work: Work, content: Content) -> tuple[int, int]:
    """Keep the words as a version of their post; what came with the pack, or is another unit's, becomes a new post."""
    kept, post_id = written(content), work.plan.post_id
    known = await posts.latest(visit.conn, post_id) if post_id else None
    if known and known.digest == kept.digest:
        return post_id, known.number
    if known and work.known and known.unit_id is not None:
        return post_id, await posts.revise(visit.conn, post_id, kept, act(visit))
    unit = (await tops(visit, EDITOR))[0]
    return await posts.add(visit.conn, kept, act(visit), unit_id=unit.id), 1


async def hand_in(visit: Visit, work: Work, content: Content) -> int:
    """Submit it, as a new broadcast where it was a sketch, and give its id. Raises Refused."""
    if work.known:
        await broadcasts.submit(visit.conn, work.known.id, act(visit))
        return work.known.id
    post_id, number = await _written(visit, work, content)
    plan = replace(work.plan, post_id=post_id, version=number)
    id = await broadcasts.draft(visit.conn, plan, act(visit))
    await broadcasts.submit(visit.conn, id, act(visit))
    await sketches.drop(visit.conn, work.sketch)
    return id


async def throw_away(visit: Visit, work: Work) -> None:
    """Drop a sketch; end a broadcast that has not begun."""
    if work.known:
        over = await sketches.over(visit.conn, visit.person.id, work.known.id)
        if over:
            await sketches.drop(visit.conn, over.id)
        await broadcasts.cancel(visit.conn, work.known.id, act(visit))
    else:
        await sketches.drop(visit.conn, work.sketch)


def _known(work: Work) -> Broadcast:
    if work.known is None:
        raise ValueError("a sketch is no broadcast")
    return work.known


def _body(work: Work) -> str:
    plan = {**asdict(work.plan), "audience": work.plan.audience and work.plan.audience.canonical()}
    for name in ("start_at", "until"):
        plan[name] = plan[name] and plan[name].isoformat()
    return json.dumps({"draft": work.draft, "plan": plan}, ensure_ascii=False)


def _read(sketch: Sketch) -> Work:
    told = json.loads(sketch.body)
    plan = told["plan"]
    for name in ("start_at", "until"):
        plan[name] = plan[name] and datetime.fromisoformat(plan[name])
    plan["audience"] = audiences.read(plan["audience"]) if plan["audience"] else None
    return Work(told["draft"], Plan(**{**plan, "outlets": tuple(plan["outlets"])}), sketch.id)
