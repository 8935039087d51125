"""What an employer's HR keeps: who works there, in which assignments, and the management-side seats that go with them.

One row is one assignment: a person may have several. A joiner is somebody without an assignment before, a leaver
somebody without one after, and whoever stays in another post is a mover. What becomes of a file follows from the file,
the assignments that HR has told of before, and the bodies that HR sees; from nothing else (DESIGN section 7).
"""

from service.rules.people.plan import (
    Difference,
    Held,
    KeptSeat,
    NewSeat,
    Place,
    Plan,
    Standing,
    goes_on,
    planned,
)
from service.rules.people.rows import (
    AssignmentRow,
    Body,
    Judged,
    Mode,
    Post,
    from_table,
    judged_row,
    judged_together,
)

__all__ = [
    "AssignmentRow",
    "Body",
    "Difference",
    "Held",
    "Judged",
    "KeptSeat",
    "Mode",
    "NewSeat",
    "Place",
    "Plan",
    "Post",
    "Standing",
    "from_table",
    "goes_on",
    "judged_row",
    "judged_together",
    "planned",
]
