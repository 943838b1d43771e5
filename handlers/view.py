"""What an officer looks at: a unit of their part of the tree, a questionnaire, and its figures there."""

from dataclasses import dataclass

from conversations.questions import Questionnaire, Shown
from handlers import scope
from handlers.charted import shown_steps
from handlers.commands import OFFICER
from handlers.visit import Visit
from models import figures
from models.figures import Summary
from models.ledger import Look
from models.units import Tree, Unit


@dataclass(frozen=True, slots=True)
class View:
    """A unit within the officer's `top` units, and what is shown of it. Refuses every unit outside of them."""

    tree: Tree
    top: tuple[Unit, ...]
    unit: Unit
    form: Questionnaire
    summary: Summary

    @property
    def steps(self) -> list[Shown]:
        """The questions that have figures here; none where nothing was released."""
        return shown_steps(self.form, self.summary) if self.summary.n else []

    def at(self, page: object) -> int:
        """The place of a question that is asked for by number, or the nearest there is."""
        return min(page if isinstance(page, int) else 0, max(len(self.steps) - 1, 0))

    def words(self, question: object) -> Shown | None:
        """A question whose words may be read here: at the root, where enough of them were opened."""
        return next((step for step in self.steps if step.kind == "words" and step.id == question), None)


async def viewed(visit: Visit) -> View | None:
    """What the officer is looking at, None for one whose units are gone."""
    tree = await visit.tree()
    top = await scope.tops(visit, tree)
    if not top:
        return None
    wanted = tree.get(str(visit.person.data.get("unit", "")))
    unit = wanted if wanted and scope.within(tree, top, wanted.id) else top[0]
    form = _form(visit)
    return View(tree, top, unit, form, await summed(visit, tree, unit, form))


async def summed(visit: Visit, tree: Tree, unit: Unit, form: Questionnaire) -> Summary:
    """The figures of a unit, as officers get them."""
    return await figures.summary(visit.conn, Look(OFFICER, visit.today), tree, unit.id, form.id)


def _form(visit: Visit) -> Questionnaire:
    forms = visit.house.pack.questionnaires
    running = visit.house.pack.open_on(visit.today)
    return forms.get(str(visit.person.data.get("form", ""))) or (running or list(forms.values()))[0]
