"""What members of a network are told of an issue that left it, and what the ends of a step say to each other."""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import Final


class NoticeState(StrEnum):
    """Where an issue that left a network stands, for its members."""

    SENT = "SENT"
    ANSWERED = "ANSWERED"
    RETURNED = "RETURNED"
    WITHDRAWN = "WITHDRAWN"


class MessageKind(StrEnum):
    """What is said between the ends of a step."""

    QUESTION = "QUESTION"
    ANSWER = "ANSWER"


NOTICE_STATE_DESCRIPTIONS: Final = MappingProxyType(
    {
        NoticeState.SENT: "It went there.",
        NoticeState.ANSWERED: "It was answered.",
        NoticeState.RETURNED: "It came back.",
        NoticeState.WITHDRAWN: "It was taken back.",
    }
)
MESSAGE_KIND_DESCRIPTIONS: Final = MappingProxyType(
    {MessageKind.QUESTION: "The receiver asks.", MessageKind.ANSWER: "The raiser or the sender answers."}
)
