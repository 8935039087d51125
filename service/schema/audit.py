"""What was done in a room, by which office: append-only, and chained so that a change shows."""

from datetime import datetime

import strawberry

from service.schema.enums import Act, ActOutcome, Office, Side, UserErrorCode
from service.schema.fields import Node, identity, plain, reference


@strawberry.type(description="One act, done or refused, as its room records it: by office, never by person.")
class AuditEntry(Node):
    id: strawberry.ID = identity("AuditEntry")
    sequence: int = plain("Its place in the room's chain, from 1.")
    act: Act = plain("What was done.")
    outcome: ActOutcome = plain("How it ended.")
    code: UserErrorCode | None = plain("Why it was refused.")
    side: Side = plain("The acting seat's side.")
    office: Office = plain("The acting seat's office.")
    forum = reference("Forum", "forum_id", "The acting seat's body.")
    happened_at: datetime = plain("When it was done or refused.")
    commitment: str = plain(
        "A salted hash of who acted and what was said; the text can be erased and the chain still holds."
    )
    hash: str = plain("The chained hash.")
