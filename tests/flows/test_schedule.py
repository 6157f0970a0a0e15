"""prefect.yaml: what runs by itself, at an hour that exists once on every day."""

import inspect
from pathlib import Path
from zoneinfo import available_timezones

import pytest
import yaml

FILE = Path(__file__).parents[2] / "prefect.yaml"
DEPLOYMENTS = yaml.safe_load(FILE.read_text(encoding="utf-8"))["deployments"]
SCHEDULES = [schedule for deployment in DEPLOYMENTS for schedule in deployment["schedules"]]


def minutes_of_day(cron: str) -> set[int]:
    """Every minute of the day at which a cron line of plain numbers and stars fires."""
    minute, hour, *_ = cron.split()
    minutes = range(60) if minute == "*" else [int(each) for each in minute.split(",")]
    hours = range(24) if hour == "*" else [int(each) for each in hour.split(",")]
    return {each * 60 + at for each in hours for at in minutes}


def test_the_night_is_deployed_as_nightly_review_nightly():
    assert [deployment["name"] for deployment in DEPLOYMENTS] == ["nightly"]


@pytest.mark.parametrize("schedule", SCHEDULES, ids=lambda schedule: schedule["cron"])
def test_nothing_is_scheduled_in_the_hour_that_clocks_skip_or_double(schedule):
    assert not minutes_of_day(schedule["cron"]) & set(range(2 * 60, 3 * 60))
    assert schedule["timezone"] in available_timezones()


@pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=lambda deployment: deployment["name"])
def test_a_night_that_overlaps_another_is_cancelled_and_not_queued(deployment):
    limit = deployment["concurrency_limit"]
    assert (limit["limit"], limit["collision_strategy"]) == (1, "CANCEL_NEW")


@pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=lambda deployment: deployment["name"])
def test_a_deployment_names_a_module_and_only_parameters_that_its_flow_has(deployment):
    from prefect.flows import load_flow_from_entrypoint

    from flows.nightly import nightly_review

    assert "/" not in deployment["entrypoint"]
    assert ":" not in deployment["entrypoint"]
    flow = load_flow_from_entrypoint(deployment["entrypoint"])
    assert flow is nightly_review
    signature = inspect.signature(flow.fn).parameters
    given = [deployment.get("parameters", {}), *(each.get("parameters", {}) for each in SCHEDULES)]
    assert {name for each in given for name in each} <= set(signature)
    required = {name for name, each in signature.items() if each.default is inspect.Parameter.empty}
    assert required <= set(deployment["parameters"])


def test_the_scheduled_night_leaves_the_day_to_the_schedule():
    assert all("as_of" not in deployment["parameters"] for deployment in DEPLOYMENTS)


def test_every_parameter_says_what_it_is_and_the_schema_holds_its_bounds():
    from flows.nightly import nightly_review

    properties = nightly_review.parameters.properties
    assert set(properties) == set(inspect.signature(nightly_review.fn).parameters)
    assert all(each.get("description") for each in properties.values())
    assert properties["threads"]["anyOf"][0] == {"minimum": 1, "maximum": 1024, "type": "integer"}
