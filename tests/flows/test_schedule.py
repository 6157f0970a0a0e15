"""prefect.yaml: what runs by itself, at an hour that exists once on every day."""

import importlib
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


FLOWS = {
    "nightly": "nightly-review/nightly",
    "approve": "approve-night/approve",
    "discard": "discard-night/discard",
    "reverse": "reverse-night/reverse",
    "decide": "decide-case/decide",
    "import": "settle-reviews/import",
    "replay": "replay-nights/replay",
}


def test_the_night_is_deployed_by_a_schedule_and_what_people_decide_by_a_form():
    scheduled = {deployment["name"]: bool(deployment["schedules"]) for deployment in DEPLOYMENTS}
    assert scheduled == {name: name == "nightly" for name in FLOWS}


def test_serve_deploys_all_that_the_file_names():
    from flows import serve

    assert [serve.DEPLOYMENT, *serve.FORMS] == list(FLOWS.values())


@pytest.mark.parametrize("schedule", SCHEDULES, ids=lambda schedule: schedule["cron"])
def test_nothing_is_scheduled_in_the_hour_that_clocks_skip_or_double(schedule):
    assert not minutes_of_day(schedule["cron"]) & set(range(2 * 60, 3 * 60))
    assert schedule["timezone"] in available_timezones()


@pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=lambda deployment: deployment["name"])
def test_a_night_that_overlaps_another_is_cancelled_and_not_queued(deployment):
    """Reviewers may send at the same time: what cannot be settled at once waits, and nobody is cancelled."""
    limit = deployment.get("concurrency_limit")
    if deployment["name"] in ("decide", "import"):
        assert limit is None
        return
    assert (limit["limit"], limit["collision_strategy"]) == (1, "CANCEL_NEW")


@pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=lambda deployment: deployment["name"])
def test_a_deployment_names_a_module_and_only_parameters_that_its_flow_has(deployment):
    from prefect.flows import load_flow_from_entrypoint

    assert "/" not in deployment["entrypoint"]
    assert ":" not in deployment["entrypoint"]
    flow = load_flow_from_entrypoint(deployment["entrypoint"])
    assert f"{flow.name}/{deployment['name']}" == FLOWS[deployment["name"]]
    module, _, name = deployment["entrypoint"].rpartition(".")
    assert flow is getattr(importlib.import_module(module), name)
    signature = inspect.signature(flow.fn).parameters
    own = [each.get("parameters", {}) for each in deployment["schedules"]]
    given = [deployment.get("parameters", {}), *own]
    assert {name for each in given for name in each} <= set(signature)
    required = {name for name, each in signature.items() if each.default is inspect.Parameter.empty}
    assert required <= set(deployment["parameters"]) or not deployment["schedules"]


def test_the_scheduled_night_leaves_the_day_to_the_schedule():
    assert all("as_of" not in deployment["parameters"] for deployment in DEPLOYMENTS)


def test_every_parameter_says_what_it_is_and_the_schema_holds_its_bounds():
    from flows.nightly import nightly_review

    properties = nightly_review.parameters.properties
    assert set(properties) == set(inspect.signature(nightly_review.fn).parameters)
    assert all(each.get("description") for each in properties.values())
    assert properties["threads"]["anyOf"][0] == {"minimum": 1, "maximum": 1024, "type": "integer"}
    assert properties["full"]["default"] is False


@pytest.mark.parametrize("name", ["approve_night", "discard_night", "reverse_night"])
def test_a_form_asks_for_the_night_who_and_why_and_takes_no_empty_answer(name):
    from flows import forms

    schema = getattr(forms, name).parameters
    assert {"as_of", "by", "because", "confirm", "home"} <= set(schema.properties)
    assert schema.required == ["as_of", "by", "because"]
    assert all(each.get("description") for each in schema.properties.values())
    assert schema.properties["as_of"]["format"] == "date"
    assert (schema.properties["by"]["minLength"], schema.properties["because"]["minLength"]) == (2, 10)
    assert schema.properties["confirm"]["default"] is False
