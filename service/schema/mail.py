"""One's own mail: a preference that nobody else reads."""

from datetime import datetime

import strawberry

from service.schema.enums import MailCadence, MailStateKind
from service.schema.fields import plain


@strawberry.type(
    description=(
        "Where and when mail says that there may be something new, and nothing of it: the same words each time, and a"
        " link. Of the sign-in that you ask with, readable by you alone."
    )
)
class MailPreference:
    address: str = plain("The address.")
    state: MailStateKind = plain("Where it stands.")
    cadence: MailCadence = plain("When mail is sent.")
    confirm_by: datetime | None = plain("Until when its code holds; null where none is waited for.")


@strawberry.input(
    description=(
        "Choose whether, where and when to be mailed. With DAILY and AT_ONCE, when a mail comes can tell others"
        " what you are part of: whoever sees the mail's log, and knows when a network was asked. STEADY tells nobody"
        " anything."
    )
)
class MailPreferenceSetInput:
    address: str | None = strawberry.field(
        default=None,
        description="The address; may be left out where yours is confirmed. To a new one a code is mailed first.",
    )
    cadence: MailCadence = strawberry.field(default=MailCadence.STEADY, description="When mail is sent.")
    understood: bool = strawberry.field(
        default=False,
        description=(
            "With DAILY and AT_ONCE: true, as you have understood that when a mail comes can tell others what you are"
            " part of."
        ),
    )
    idempotency_key: str | None = strawberry.field(default=None, description="Same key, same answer.")


@strawberry.input(description="Show by its code that an address is yours.")
class MailAddressConfirmInput:
    code: str = strawberry.field(description="The code that was mailed to it.")
    idempotency_key: str | None = strawberry.field(default=None, description="Same key, same answer.")
