"""What officers are told of a platform's plan: one sentence where it comes to its end, nothing before."""

from handlers.visit import Visit
from handlers.words import CHANNELS
from locales.formats import number


def warnings(visit: Visit) -> list[str]:
    """One sentence for each plan whose messages of the month, or whose people, are nearly used up."""
    told = []
    for channel, budget in visit.house.budgets.items():
        name = CHANNELS.get(channel, channel)
        if budget.few_messages:
            used, allowed = (number(each, visit.lang) for each in (budget.sent, budget.monthly))
            told.append(visit.t("plans.messages", channel=name, used=used, allowed=allowed))
        if budget.few_users:
            used, allowed = (number(each, visit.lang) for each in (budget.users, budget.most_users))
            told.append(visit.t("plans.users", channel=name, used=used, allowed=allowed))
    return told
