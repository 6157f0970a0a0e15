"""Runs that ended without a word: killed processes leave theirs Running in Prefect for ever."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from prefect.automations import Automation
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import (
    FlowFilter,
    FlowFilterName,
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import StateType
from prefect.events.actions import ChangeFlowRunState
from prefect.events.schemas.automations import EventTrigger, Posture
from prefect.events.schemas.events import ResourceSpecification
from prefect.runtime import flow_run
from prefect.states import Crashed

from flows.settings import HEARTBEAT_SECONDS

FLOW = "nightly-review"
AUTOMATION = "Crash zombie flows"
SILENT = timedelta(seconds=3 * HEARTBEAT_SECONDS)
"""Two heartbeats may be lost on a busy machine; a third is a death, noticed within two minutes."""
GONE = "The process ended without a word; the next night of this home found it."


def bury(home: Path) -> int:
    """Show as Crashed the runs of this home that are still Running; return how many.

    To be called under the home's lock: whoever holds it knows that no other run of it is alive,
    save one that is about to find the lock taken, and that one still ends as Failed.
    """
    wanted = FlowRunFilter(
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.RUNNING, StateType.PENDING]))
    )
    buried = 0
    with get_client(sync_client=True) as client:
        named = FlowFilter(name=FlowFilterName(any_=[FLOW]))
        for run in client.read_flow_runs(flow_filter=named, flow_run_filter=wanted):
            if str(run.id) == str(flow_run.id) or run.parameters.get("home") != str(home):
                continue
            if run.state_type == StateType.PENDING and run.deployment_id is not None:
                continue
            client.set_flow_run_state(run.id, Crashed(message=GONE), force=True)
            buried += 1
    return buried


def watch_for_silence() -> Automation:
    """See that Prefect's server has the one automation that shows a silent run as Crashed.

    A run of a deployment says every 30 s that it lives. One whose machine, worker and process died
    together would stay Running, and would keep the deployment's only slot from the next night.
    """
    wanted = Automation(
        name=AUTOMATION,
        description="A run that has not been heard of for 90 seconds has died.",
        trigger=EventTrigger(
            # Running too: a run may die before its first word.
            after={"prefect.flow-run.Running", "prefect.flow-run.heartbeat"},
            expect={
                "prefect.flow-run.heartbeat",
                "prefect.flow-run.Completed",
                "prefect.flow-run.Held",
                "prefect.flow-run.Failed",
                "prefect.flow-run.Cancelled",
                "prefect.flow-run.Crashed",
            },
            match=ResourceSpecification({"prefect.resource.id": ["prefect.flow-run.*"]}),
            # A night in somebody's terminal is buried by the next one: it is not ours to end.
            match_related=ResourceSpecification(
                {"prefect.resource.role": "deployment", "prefect.resource.id": ["prefect.deployment.*"]}
            ),
            for_each={"prefect.resource.id"},
            posture=Posture.Proactive,
            threshold=1,
            within=SILENT,
        ),
        actions=[
            ChangeFlowRunState(state=StateType.CRASHED, message="No word from this run for 90 seconds.")
        ],
    )
    try:
        standing = Automation.read(name=AUTOMATION)
    except ValueError:
        return wanted.create()
    wanted.id = standing.id
    wanted.update()
    return wanted
