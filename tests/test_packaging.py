"""Rooms have plain names, so it is worth proving that nothing else answers to them."""

import importlib.util
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import entry_points, packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
ROOMS = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]


def pins(lock: str) -> dict[str, str]:
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    return dict(re.match(r"([\w.-]+)==([^ ;]+)", line).groups() for line in lines if line[:1].isalnum())


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_is_found_in_this_checkout(room):
    assert Path(importlib.util.find_spec(room).origin) == ROOT / room / "__init__.py"


def test_no_other_distribution_claims_a_room():
    owners = packages_distributions()
    assert {room: owners.get(room) for room in ROOMS if set(owners.get(room, [])) - {"linewatch"}} == {}


def test_the_command_is_installed():
    (command,) = entry_points(group="console_scripts", name="linewatch")
    assert command.value == "flows.cli:main"


def test_everything_in_a_room_travels_with_it(tmp_path):
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", tmp_path]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    travels = set(zipfile.ZipFile(wheel).namelist())
    here = {
        path.relative_to(ROOT).as_posix()
        for room in ROOMS
        for path in (ROOT / room).rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    assert here - travels == set()


def test_what_is_tested_is_what_is_run():
    run, tested = pins("requirements.lock"), pins("requirements-dev.lock")
    assert run.items() <= tested.items()


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_every_file_in_a_lock_has_a_hash_and_none_an_address(lock):
    text = (ROOT / lock).read_text(encoding="utf-8")
    for entry in re.split(r"\n(?=\w)", text.strip()):
        assert re.fullmatch(r"[\w.-]+==[^ ;]+( ;[^\\]+)?( \\\n    --hash=sha256:[0-9a-f]{64})+", entry), (
            entry[:80]
        )


def test_every_declared_dependency_is_locked():
    declared = {re.match(r"[\w.-]+", line)[0] for line in PROJECT["project"]["dependencies"]}
    assert declared <= pins("requirements.lock").keys()
