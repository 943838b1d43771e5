"""All that is ever told of people who are in no group: nobody, a few, or ten and more."""

NONE, FEW, TEN = "0", "1-9", "10+"


def bucket(people: int) -> str:
    """Say how many people as coarsely as it is ever said."""
    if people == 0:
        return NONE
    return FEW if people < 10 else TEN
