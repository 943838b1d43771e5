"""Reads a campaign pack, a folder, whole or not at all. Refuses it with every fault named, never with a traceback."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from conversations.campaign import Campaign, Slogan, SloganSheet
from conversations.complaints import told
from conversations.faults import Faults, Loc, PackFault
from conversations.files import JPEG, MOST_BYTES, PDF, PNG, look
from conversations.posts import Post, out_of_place
from conversations.questions import Questionnaire
from conversations.repeats import repeats
from conversations.sheets import read

PARTS = ("campaign.yaml", "slogans.yaml", "units.csv", "questionnaires", "posts")
FILES = (".png", ".jpg", ".jpeg", ".pdf")  # what may lie beside a post

Shape = TypeVar("Shape", bound=BaseModel)


class Pack(Campaign):
    """A campaign with the rest of its folder. `units_file` is named, not read: the tree is checked by its importer.

    `posts` are by id; `folders` says where the files that a post names lie beside it.
    """

    slogans: tuple[Slogan, ...]
    scopes: dict[str, str]
    questionnaires: dict[str, Questionnaire]
    units_file: Path
    posts: dict[str, Post]
    folders: dict[str, Path]

    def open_on(self, day: date) -> list[Questionnaire]:
        """Give the questionnaires that may be answered on a day, first and last day included, in order of id."""
        return [each for each in self.questionnaires.values() if each.opens <= day <= each.closes]


def load(folder: Path) -> Pack:
    """Read and check a pack; texts are NFC. Raises Faults with all that is wrong in all of its files."""
    try:
        faults = list(misplaced(folder))
    except OSError as error:  # no such folder, no folder, not ours to read
        raise Faults([PackFault(str(error.filename or folder), 0, "", f"no pack is here ({error.strerror})")]) from None
    campaign = part(folder / "campaign.yaml", Campaign, faults)
    slogans = part(folder / "slogans.yaml", SloganSheet, faults)
    sheets = sorted((folder / "questionnaires").glob("*.yaml"))
    questionnaires = [each for path in sheets if (each := part(path, Questionnaire, faults))]
    for form, question, message in repeats(questionnaires):
        path = folder / "questionnaires" / f"{form.id}.yaml"
        faults.append(PackFault(str(path), 0, f"questions[{question}]", message))
    posts = _posts(folder, campaign, slogans, faults)
    if campaign and slogans:
        known = {phase.id for phase in campaign.phases}
        strange = {scope: phase for scope, phase in slogans.scopes.items() if phase not in known}
        sheet = str(folder / "slogans.yaml")
        faults += [PackFault(sheet, 0, f"scopes.{key}", f"there is no phase {phase}") for key, phase in strange.items()]
    if faults or campaign is None or slogans is None:
        raise Faults(faults)
    return Pack.model_construct(
        **dict(campaign),
        slogans=slogans.slogans,
        scopes=slogans.scopes,
        questionnaires={each.id: each for each in questionnaires},
        units_file=folder / "units.csv",
        posts={post.id: post for post, _ in posts},
        folders={post.id: path.parent for post, path in posts},
    )


def _posts(
    folder: Path, campaign: Campaign | None, slogans: SloganSheet | None, faults: list[PackFault]
) -> list[tuple[Post, Path]]:
    found: dict[str, tuple[Post, Path]] = {}
    for path in sorted((folder / "posts").glob("*/*.yaml")):
        post = part(path, Post, faults)
        if post is None:
            continue
        problems = list(out_of_place(post, campaign, slogans.slogans)) if campaign and slogans else []
        problems += [(("phase",), f"it lies in {path.parent.name}")] if post.phase != path.parent.name else []
        problems += [(("id",), "another post has this id")] if post.id in found else []
        problems += list(_unusable(post, path))
        faults += [read(path).fault(loc, message) for loc, message in problems]
        found[post.id] = post, path
    return list(found.values())


def _unusable(post: Post, path: Path) -> Iterator[tuple[Loc, str]]:
    """Find files that a post names and that are not there, are too large, or are not what they should be."""
    for name, kinds in (("picture", (PNG, JPEG)), ("document", (PDF,))):
        if not (file := getattr(post, name)):
            continue
        place = path.parent / file
        if not place.is_file():
            yield (name,), f"there is no {file} beside it"
        elif place.stat().st_size > MOST_BYTES:
            yield (name,), f"{file} has {place.stat().st_size} bytes; at most {MOST_BYTES} are taken"
        elif (seen := look(place.read_bytes())).kind not in kinds or not seen.fits:
            yield (name,), f"{file} is not one of {', '.join(kinds)} of a size that platforms take"


def check(folder: Path) -> list[str]:
    """Say what is wrong with a pack, one "file:line: field: what is wrong" a fault; an empty list for a sound one."""
    try:
        load(folder)
    except Faults as found:
        return [str(fault) for fault in found.faults]
    return []


def misplaced(folder: Path) -> Iterator[PackFault]:
    """Find what is missing from the folder, and what lies in it and would never be read.

    OSError where it cannot look.
    """
    for path in sorted(folder.iterdir()):
        if path.name not in PARTS and not path.name.startswith("."):
            yield PackFault(str(path), 0, "", f"this is no part of a pack; a pack holds {', '.join(PARTS)}")
    if not (folder / "units.csv").is_file():
        yield PackFault(str(folder / "units.csv"), 0, "", "the file is missing")
    questionnaires = folder / "questionnaires"
    if not questionnaires.is_dir():
        yield PackFault(str(questionnaires), 0, "", "the folder is missing")
        return
    yield from _stray(folder / "posts")
    sheets = [path for path in sorted(questionnaires.iterdir()) if not path.name.startswith(".")]
    if not sheets:
        yield PackFault(str(questionnaires), 0, "", "the folder holds no questionnaire")
    for path in sheets:
        if path.suffix != ".yaml":
            yield PackFault(str(path), 0, "", "this would not be read; a questionnaire is a file ending in .yaml")


def _stray(posts: Path) -> Iterator[PackFault]:
    for path in sorted(posts.glob("**/*")):
        depth = len(path.relative_to(posts).parts)
        if path.is_file() and not path.name.startswith(".") and (depth != 2 or path.suffix not in (".yaml", *FILES)):
            yield PackFault(str(path), 0, "", "this would not be read; a post is a .yaml in the folder of its phase")


def part(path: Path, shape: type[Shape], faults: list[PackFault]) -> Shape | None:
    """Read one file into its shape; on a fault, add to `faults` and give None."""
    try:
        sheet = read(path)
        found = shape.model_validate(sheet.data)
    except Faults as refused:
        faults += refused.faults
    except ValidationError as error:
        faults += told(error, sheet)
    else:
        if isinstance(found, Questionnaire | Post) and found.id != path.stem:
            faults.append(sheet.fault(("id",), f"the id is {found.id}, and the file is named {path.name}"))
        return found
    return None
