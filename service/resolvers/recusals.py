"""Recusal: who declares an interest closes a consultation to themselves, whatever seats they hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from service.resolvers.acting import Acting, Done, Target, refuse_if
from service.rules.text import normalised, text_problems

if TYPE_CHECKING:
    from service.schema.recusals import RecusalDeclareInput

RECUSE: Final = "select access.recuse($1, $2)"
REASON_MOST: Final = 500


async def declare(acting: Acting, target: Target, said: RecusalDeclareInput) -> Done:
    """Bar the acting person from the consultation's papers, deliberation and every engagement, seen or not."""
    refuse_if(text_problems(said.reason, field=("reason",), most=REASON_MOST))
    consultation = target.row
    await acting.snapshot.call(RECUSE, consultation["id"], normalised(said.reason))
    return Done(consultation["id"], "recusal.declared", None)
