"""What can be listened to."""

import strawberry

from service.resolvers.news import consultation_changed, forum_changed, inbox
from service.schema.changes import ChangePage


@strawberry.type(description="What can be listened to: the change feed as it grows.")
class Subscription:
    inbox = strawberry.subscription(
        resolver=inbox, graphql_type=ChangePage, description="What changes of all that you may see in this capacity."
    )
    consultation_changed = strawberry.subscription(
        resolver=consultation_changed,
        graphql_type=ChangePage,
        description="What changes of one consultation: papers, plan, comments, responses, as you may see them.",
    )
    forum_changed = strawberry.subscription(
        resolver=forum_changed,
        graphql_type=ChangePage,
        description="What changes of one body: its seats, consultations, issues, steps, reports, as you may see them.",
    )
