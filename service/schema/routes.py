"""The ways by which an issue may be carried from one body to another."""

import strawberry

from service.forums import BODY
from service.resolvers.ids import global_id
from service.rules.bodies import ForumKind as Kind
from service.schema.enums import CarriesKind, ChannelKind, ForumKind
from service.schema.fields import computed, plain


@strawberry.type(description="One way by which an issue may be carried from here today.")
class Route:
    code: str = plain("What the route is called in the table of routes.")
    carries: CarriesKind = plain("What goes that way.")
    forum_id: strawberry.ID = computed(
        lambda rows, info: [global_id(BODY[Kind(row["forum_kind"])].type_name, row["forum_id"]) for row in rows],
        strawberry.ID,
        "The body that it leads to.",
    )
    forum_kind: ForumKind = plain("The kind of body that it leads to.")
    forum_name: str = plain("What that body is called.")
    channel: ChannelKind = plain("The room of that body that receives it.")
    diverts_casework: bool = plain("Whether an individual's case does not belong on it.")
    acknowledge_days: int = plain("Working days in which the receiver acknowledges.")
    answer_days: int = plain("Working days in which the receiver answers.")
