"""Weakenings of what hides one person in a count."""

from tests.mutants.weakening import Weakening

VALUES: tuple[Weakening, ...] = (
    Weakening(
        "keep exact counts",
        "models/veil.py",
        "        return exact + drawn(scale, self.below) if scale else exact\n",
        "        return exact\n",
        ("test_g14_noise", "test_g05_values"),
    ),
    Weakening(
        "halve the noise",
        "models/noise.py",
        "    return 2 * most / epsilon\n",
        "    return most / epsilon\n",
        ("test_g14_noise", "test_g05_values"),
    ),
    Weakening(
        "forget that one person may choose several",
        "models/noise.py",
        "    return 2 * most / epsilon\n",
        "    return 2 / epsilon\n",
        ("test_g14_noise",),
    ),
    Weakening(
        "noise only where somebody chose",
        "models/veil.py",
        "        return exact + drawn(scale, self.below) if scale else exact\n",
        "        return exact + drawn(scale, self.below) if scale and exact else exact\n",
        ("test_g14_noise",),
    ),
    Weakening(
        "hide what all said alike",
        "models/veil.py",
        "                values[question, option] = self._noisy(question, cells[question, option])\n",
        "                if cells[question, option] < cells[question, ANSWERED] or option == ANSWERED:\n"
        "                    values[question, option] = self._noisy(question, cells[question, option])\n",
        ("test_g05_values", "test_g14_noise"),
    ),
    Weakening(
        "open what a single person wrote outside of the list",
        "models/veil.py",
        "and n >= self.k}",
        "and n >= 1}",
        ("test_g05_values", "test_g14_noise"),
    ),
    Weakening(
        "chance from a generator that can be foretold",
        "models/release.py",
        "    below: Below = secrets.randbelow\n",
        "    import random\n\n    below: Below = random.Random(136).randrange\n",
        ("test_g14_noise",),
    ),
    Weakening(
        "a running house whose chance can be foretold",
        "handlers/house.py",
        "    below: Below = secrets.randbelow\n",
        "    import random\n\n    below: Below = random.Random(136).randrange\n",
        ("test_g14_noise",),
    ),
    Weakening(
        "keep the counts of large groups exactly",
        "models/release.py",
        "veil.kept(tally.of(number))",
        "veil.kept(tally.of(number)) if len(group.members) < 12 else dict(tally.of(number))",
        ("test_g14_noise",),
    ),
    Weakening(
        "draw the noise at every look",
        "models/figures.py",
        "            cells[question][option] += int(n)\n",
        "            from secrets import randbelow\n"
        "\n"
        "            from models.noise import drawn\n"
        "\n"
        "            cells[question][option] += int(n) + drawn(Fraction(1), randbelow)\n",
        ("test_g04_linear", "test_g07_one_door"),
    ),
    Weakening(
        "say that there is no error",
        "models/figures.py",
        "Figure(options.pop(ANSWERED, 0), options, errors.get(question, 0))",
        "Figure(options.pop(ANSWERED, 0), options, 0)",
        (
            "test_g05_values",
            "test_g07_one_door",
            "tests/handlers/test_summary.py",
        ),
    ),
    Weakening(
        "say half of the error",
        "models/noise.py",
        "    return math.ceil(2 * math.sqrt(variance_in_all))\n",
        "    return math.ceil(math.sqrt(variance_in_all))\n",
        ("test_g05_values", "tests/models/test_noise.py"),
    ),
    Weakening(
        "say nothing of questions that are published exactly",
        "handlers/consent_text.py",
        '    return say("consent.exact", questions="; ".join(exact)) if exact else ""\n',
        '    return ""\n',
        ("test_g05_values",),
    ),
)
