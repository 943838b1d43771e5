"""The key file: sealed things open only with their key at their place, and a destroyed key is gone for everybody."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from models.keys import KeyDestroyed, KeyFault, KeyLost, Keys


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys.json"


def test_what_was_sealed_opens_again(path: Path) -> None:
    keys = Keys.open(path)
    sealed = keys.seal("2020-01", b"secret", b"row 1")
    assert b"secret" not in sealed
    assert keys.unseal("2020-01", sealed, b"row 1") == b"secret"
    assert Keys.open(path).unseal("2020-01", sealed, b"row 1") == b"secret"
    assert keys.seal("2020-01", b"secret", b"row 1") != sealed


def test_the_file_is_for_its_owner_alone(path: Path) -> None:
    Keys.open(path).seal("2020-01", b"", b"")
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o640)
    with pytest.raises(KeyFault, match=r"open to other users \(mode 0640\): run chmod 600"):
        Keys.open(path)


def test_a_sealed_record_cannot_be_moved_to_another_row(path: Path) -> None:
    keys = Keys.open(path)
    sealed = keys.seal("2020-01", b"secret", b"row 1")
    with pytest.raises(KeyLost, match="another row"):
        keys.unseal("2020-01", sealed, b"row 2")
    with pytest.raises(KeyLost, match="another row"):
        keys.unseal("2020-01", sealed[:5], b"row 1")


def test_a_destroyed_key_is_gone_for_good(path: Path) -> None:
    keys, other = Keys.open(path), Keys.open(path)
    sealed = keys.seal("2020-01", b"secret", b"row 1")
    assert other.unseal("2020-01", sealed, b"row 1") == b"secret"
    keys.destroy("2020-01")
    keys.destroy("2020-01")
    with pytest.raises(KeyLost, match="never be read again"):
        other.unseal("2020-01", sealed, b"row 1")
    with pytest.raises(KeyDestroyed):
        other.seal("2020-01", b"more", b"row 1")
    assert other.destroyed("2020-01")
    assert not other.alive("2020-01")


def test_no_byte_of_a_destroyed_key_stays_in_the_folder(path: Path) -> None:
    keys = Keys.open(path)
    keys.seal("2020-01", b"secret", b"")
    key = json.loads(path.read_text())["keys"]["2020-01"].encode()
    with path.open("rb") as old:
        keys.destroy("2020-01")
        assert key not in old.read()
    assert all(key not in file.read_bytes() for file in path.parent.iterdir())


def test_a_lost_or_damaged_file_says_what_is_lost(path: Path) -> None:
    keys = Keys.open(path)
    sealed = keys.seal("2020-01", b"secret", b"")
    path.unlink()
    with pytest.raises(KeyFault, match=r"put it back, .* never be read"):
        keys.unseal("2020-01", sealed, b"")
    with pytest.raises(KeyLost, match="'2020-01' is not in"):
        Keys.open(path).unseal("2020-01", sealed, b"")
    path.write_text('{"keys": {"2020-01": "AAAA"}, "destroyed": []}')
    with pytest.raises(KeyFault, match="damaged"):
        Keys.open(path)


def test_a_folder_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(KeyFault, match="cannot be kept here"):
        Keys.open(tmp_path / "missing" / "keys.json")


MANY = """
import sys
from pathlib import Path
from models.keys import Keys
keys = Keys.open(Path(sys.argv[1]))
for number in range(12):
    sealed = keys.seal(f"20{number + 20}-01", b"secret", b"")
    assert keys.unseal(f"20{number + 20}-01", sealed, b"") == b"secret"
    print(sealed.hex())
"""


def test_two_processes_share_one_file(path: Path) -> None:
    command = [sys.executable, "-c", MANY, str(path)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    outputs = [process.communicate()[0].split() for process in running]
    keys = Keys.open(path)
    assert len(keys.names()) == 12
    for output in outputs:
        assert [keys.unseal(f"20{n + 20}-01", bytes.fromhex(line), b"") for n, line in enumerate(output)] == [
            b"secret"
        ] * 12


CROWD = """
import json, random, sys
from pathlib import Path
from models.keys import KeyDestroyed, KeyLost, Keys
own, keys, lots = sys.argv[2], Keys.open(Path(sys.argv[1])), random.Random(sys.argv[2])
kept, gone = {}, []
for number in range(15):
    mine, shared = f"{own}-{number}", f"shared-{lots.randrange(6)}"
    kept[mine] = keys.seal(mine, b"secret", b"").hex()
    if lots.random() < 0.4:
        mine = lots.choice(sorted(kept))
        keys.destroy(mine)
        del kept[mine]
        gone.append(mine)
    try:
        assert keys.unseal(shared, keys.seal(shared, b"secret", b""), b"") == b"secret"
    except (KeyDestroyed, KeyLost):
        assert keys.destroyed(shared), shared
    if lots.random() < 0.1:
        keys.destroy(shared)
        gone.append(shared)
    assert not [name for name in gone if keys.alive(name)]
    assert all(keys.unseal(name, bytes.fromhex(sealed), b"") == b"secret" for name, sealed in kept.items())
print(json.dumps([kept, gone]))
"""


def test_processes_that_make_and_destroy_at_once_lose_no_key_and_bring_none_back(path: Path) -> None:
    started = [
        subprocess.Popen([sys.executable, "-c", CROWD, str(path), own], stdout=subprocess.PIPE, text=True)
        for own in "abcd"
    ]
    ended = [json.loads(process.communicate()[0]) for process in started]
    keys = Keys.open(path)
    for kept, gone in ended:
        assert all(keys.unseal(name, bytes.fromhex(sealed), b"") == b"secret" for name, sealed in kept.items())
        assert all(keys.destroyed(name) and not keys.alive(name) for name in gone)
    assert {process.returncode for process in started} == {0}
