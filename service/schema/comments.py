"""Members' comments inside their own body."""

from datetime import datetime

import strawberry

from service.resolvers.batch import batched
from service.resolvers.consultations import comment_authors, own_comments
from service.schema.enums import Office, Side
from service.schema.fields import Node, computed, identity, plain, reference


@strawberry.type(
    description='A member\'s comment, inside their own body. Shown as "A member" unless they chose otherwise.'
)
class Comment(Node):
    id: strawberry.ID = identity("Comment")
    body: str = plain("What was said; empty once it was taken back.")
    author = computed(
        comment_authors,
        str,
        'The author as they chose to be shown: "A member", or their name.',
        reads=("author_name",),
    )
    office: Office | None = plain("The author's office, where they chose to be named.")
    side: Side = plain("The side on which it was said; NONE where that would name an author who chose not to be.")
    withdrawn: bool = plain("Whether its author took it back.")
    mine = strawberry.field(
        resolver=batched(own_comments, returns=bool, reads=("id",)),
        description="Whether you wrote it, in the seat you act in.",
    )
    created_at: datetime = plain("When it was written.")
    clause = reference("Clause", "clause_id", "The clause it is about; null for the draft as a whole.")
    consultation = reference("Consultation", "consultation_id", "The consultation.")
    forum = reference("Forum", "forum_id", "The body inside which it was said.")


@strawberry.input(description="Comment on a draft policy, inside one's own body.")
class CommentAddInput:
    consultation_id: strawberry.ID = strawberry.field(description="The consultation.")
    body: str = strawberry.field(description="What you want to say.")
    clause_id: strawberry.ID | None = strawberry.field(
        default=None, description="The clause; left out for the draft as a whole."
    )
    show_name: bool = strawberry.field(default=False, description="Whether to be named to the members of your body.")
    idempotency_key: str | None = strawberry.field(default=None, description="Same key, same answer.")


@strawberry.input(description="Take back one's own comment.")
class CommentWithdrawInput:
    comment_id: strawberry.ID = strawberry.field(description="The comment.")
    idempotency_key: str | None = strawberry.field(default=None, description="Same key, same answer.")
