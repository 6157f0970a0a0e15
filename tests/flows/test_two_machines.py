"""A night whose shards are decided in another network namespace: all they share is a cable and a folder."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from tasks.demo import DemoNight, write_demo
from tests.whole_night import run_night

BIN = Path(sys.executable).parent
HOME, FAR = "10.77.0.1", "10.77.0.2"
SCHEDULER, SERVER = f"tcp://{HOME}:8786", f"http://{HOME}:4200/api"

pytestmark = [
    pytest.mark.torture,
    pytest.mark.skipif(
        os.geteuid() != 0 or shutil.which("ip") is None, reason="needs root and ip to make namespaces"
    ),
]


@dataclass(frozen=True)
class Cable:
    """Two namespaces that reach each other and nothing else."""

    home: str
    far: str

    def inside(self, namespace: str, *command: str | Path) -> list[str]:
        return ["ip", "netns", "exec", namespace, *map(str, command)]


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


@pytest.fixture
def cable() -> Iterator[Cable]:
    made = Cable(f"lw{os.getpid()}h", f"lw{os.getpid()}f")
    with ExitStack() as ends:
        for namespace in (made.home, made.far):
            try:
                ip("netns", "add", namespace)
            except subprocess.CalledProcessError:
                pytest.skip("this machine makes no network namespaces")
            ends.callback(ip, "netns", "del", namespace)
            ip("-n", namespace, "link", "set", "lo", "up")
        ip("link", "add", "end", "netns", made.home, "type", "veth", "peer", "name", "end", "netns", made.far)
        for namespace, address in ((made.home, HOME), (made.far, FAR)):
            ip("-n", namespace, "addr", "add", f"{address}/24", "dev", "end")
            ip("-n", namespace, "link", "set", "end", "up")
        yield made


@pytest.fixture
def lender(tmp_path: Path) -> DemoNight:
    return write_demo(tmp_path / "lender", borrowers=600, seed=1)[0]


def test_workers_on_another_machine_decide_what_one_machine_decides(
    cable: Cable, lender: DemoNight, tmp_path: Path
) -> None:
    told = {**os.environ, "PREFECT_API_URL": SERVER}
    started = {
        "server": cable.inside(cable.home, BIN / "prefect", "server", "start", "--host", HOME),
        "scheduler": cable.inside(cable.home, BIN / "dask", "scheduler", "--host", HOME, "--no-dashboard"),
        "worker": cable.inside(
            cable.far, BIN / "dask", "worker", SCHEDULER, "--nworkers", "2", "--nthreads", "1",
            "--no-dashboard", "--local-directory", tmp_path / "worker",
        ),
    }  # fmt: skip
    night = cable.inside(
        cable.home, BIN / "linewatch", "night", "--json", "--home", tmp_path / "home",
        "--source", lender.folder, "--as-of", str(lender.as_of),
        "--shards", "3", "--dask", SCHEDULER, "--store", tmp_path / "store",
    )  # fmt: skip
    with ExitStack() as running:
        for name, command in started.items():
            log = running.enter_context((tmp_path / f"{name}.log").open("w"))
            env = {**told, "PREFECT_HOME": str(tmp_path / f"prefect-{name}")}
            process = subprocess.Popen(command, stdout=log, stderr=log, env=env)
            running.callback(process.wait, 30)
            running.callback(process.terminate)
        answers = cable.inside(cable.home, sys.executable, "-c", ASK, f"{SERVER}/health")
        until = time.monotonic() + 120
        while subprocess.run(answers, check=False, capture_output=True).returncode:
            assert time.monotonic() < until, (tmp_path / "server.log").read_text()
            time.sleep(0.5)
        env = {**told, "PREFECT_HOME": str(tmp_path / "prefect-night")}
        ended = subprocess.run(night, capture_output=True, text=True, env=env, timeout=300, check=False)
    assert ended.returncode == 0, ended.stderr
    assert FAR in (tmp_path / "worker.log").read_text()
    here = run_night(lender.folder, lender.as_of, tmp_path / "one machine")
    assert json.loads(ended.stdout)["root"] == here.root


ASK = "import sys, urllib.request; urllib.request.urlopen(sys.argv[1])"
