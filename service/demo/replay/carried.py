"""The demo's issues, themes and signposts, act by act, on the migrator's own connection."""

from typing import Final

from service.demo.matters import Answer, Disclosing, Hop, Offer, OnIssue, OnStep
from service.demo.replay.issues import Carried, disclose, do_on_issue, raise_
from service.demo.replay.stage import Stage
from service.demo.replay.steps import do_on_step, draft
from service.demo.replay.themes import answer, offer, sign
from service.demo.shapes import Region

# Events that functions left are numbered again with those of all acts.
FORGET: Final = (
    "with gone as (delete from graph.event where id = any ($1::uuid[]) returning room_id)"
    " delete from graph.room_head h using gone where h.room_id = gone.room_id"
)


async def carry(stage: Stage, demo: Region) -> None:
    """All of them; what they leave to be chained stands in the stage."""
    for given in demo.issues:
        await _play(Carried(given, stage))
    for theme in demo.themes:
        match theme:
            case Offer():
                await offer(stage, theme)
            case Answer():
                await answer(stage, theme)
    for post in demo.signposts:
        await sign(stage, post)
    await stage.leave()


async def _play(issue: Carried) -> None:
    await raise_(issue)
    for number, deed in enumerate(issue.given.deeds):
        key = str(number)
        match deed:
            case Hop():
                await draft(issue, key, deed)
            case OnStep():
                await do_on_step(issue, key, deed)
            case OnIssue():
                await do_on_issue(issue, key, deed)
            case Disclosing():
                await disclose(issue, key, deed)
    left = [issue.id(f"event {kind}", hop) for kind in ("sent", "withdrawn") for hop in issue.steps]
    await issue.stage.connection.execute(FORGET, left)
