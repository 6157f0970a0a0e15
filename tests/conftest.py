"""What every test stands on: an environment of its own, set before anything is imported."""

import atexit
import gc
import os
import shutil
import tempfile

# A home for each worker: two processes that share Prefect's find each other's servers and locks.
_home = tempfile.mkdtemp(prefix="linewatch-tests-")
atexit.register(shutil.rmtree, _home, ignore_errors=True)
os.environ.update(
    PREFECT_HOME=f"{_home}/prefect",
    PREFECT_SERVER_ANALYTICS_ENABLED="false",
    PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS="180",
    PREFECT_LOGGING_LEVEL="WARNING",
    DO_NOT_TRACK="1",
    GX_ANALYTICS_ENABLED="false",
)
# Whoever runs the tests may have a lender's home or server in their shell; no test may reach it.
for _name in ("PREFECT_API_URL", "PREFECT_API_KEY", "PREFECT_PROFILE", "LINEWATCH_HOME", "LINEWATCH_LEDGER"):
    os.environ.pop(_name, None)

from collections.abc import Iterator  # noqa: E402
from pathlib import Path  # noqa: E402

import pytest  # noqa: E402
from hypothesis import HealthCheck, settings  # noqa: E402

from linewatch import chance  # noqa: E402

chance.comes_from(os.urandom)

# The same examples every time, and no verdict by stopwatch: a red run must be red again. `make torture`
# looks further with HYPOTHESIS_PROFILE=explore.
settings.register_profile(
    "repeat", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("explore", max_examples=1000, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeat"))

_BROWSERS = ("chromium", "chromium-browser", "google-chrome")


# First, because xdist reads the groups in the same hook.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep Prefect's tests on one worker, and skip a browser's where there is none."""
    # Where several share them out, whole nights come first: a long file that begins last is waited for alone.
    if hasattr(config, "workerinput"):
        items.sort(key=_begins)
    no_browser = not any(shutil.which(name) for name in _BROWSERS)
    for item in items:
        if item.get_closest_marker("prefect"):
            item.add_marker(pytest.mark.xdist_group("prefect"))
        if no_browser and item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason="no Chromium on this machine"))


def _begins(item: pytest.Item) -> int:
    if item.get_closest_marker("prefect"):
        return 0
    return 1 if "flows" in item.path.parts else 2


def pytest_collection_finish() -> None:
    """What was imported stays: looking through it for garbage again and again took a tenth of every night."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """Share tests out by file, so that a module's fixtures are made once, and by group where one is named."""
    from xdist.scheduler import LoadGroupScheduling

    class ByFileOrGroup(LoadGroupScheduling):
        def _split_scope(self, nodeid: str) -> str:
            group = super()._split_scope(nodeid)
            return nodeid.split("::")[0] if group == nodeid else group

    config.option.loadscopereorder = False
    return ByFileOrGroup(config, log) if config.getvalue("dist") == "loadgroup" else None


@pytest.fixture(scope="session")
def prefect_harness() -> Iterator[None]:
    """A Prefect server and database for these tests alone; mark whoever uses it `prefect`."""
    from prefect.testing.utilities import prefect_test_harness

    with prefect_test_harness(server_startup_timeout=180):
        yield


@pytest.fixture(scope="session")
def golden_nights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the golden nights as the recipe makes them, and of their home; nobody may change it."""
    from tests.golden.rebuild import make

    work = tmp_path_factory.mktemp("golden")
    make(work / "made", work)
    return work


@pytest.fixture(scope="session")
def browser() -> str:
    """The path of a Chromium."""
    found = next((path for name in _BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("no Chromium on this machine")
    return found
