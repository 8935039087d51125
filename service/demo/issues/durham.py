"""What the everyday issues of RXP say. Invented."""

from collections.abc import Mapping
from typing import Final

from service.demo.issues.telling import Words

WORDS: Final[Mapping[str, Words]] = {
    "awaiting": Words(
        "Shift swaps for hospital appointments with a parent need two weeks' notice.",
        "Two days, where the letter comes late.",
        "Carers ask for shorter notice of a swap where an appointment comes late.",
    ),
    "closed": Words(
        "Our newsletter is stopped by the mail filter.",
        "It gets through.",
        end="The filter knows us now.",
    ),
    "sent": Words(
        "The policy on flexible working counts part-time requests against each other.",
        "Each request judged by itself.",
        "Members ask that each flexible working request is judged by itself.",
    ),
    "late": Words(
        "Alarms worn by lone workers have no signal in the dales.",
        "Alarms that work where we work.",
        "Lone workers' alarms have no signal on many visits in the dales.",
    ),
    "acknowledged": Words(
        "The action plan's carers' passport was promised for last spring.",
        "A date.",
        "Carers ask when the passport in the action plan will be there.",
    ),
    "accepted": Words(
        "The evacuation chairs in the old block are behind a locked door.",
        "Chairs that can be reached, and people who can use them.",
        "The evacuation chairs in the old block cannot be reached at night.",
    ),
    "agenda": Words(
        "Two of our agency nurses were asked for their papers by a patient's visitors, and nobody stepped in.",
        "A rule for what the nurse in charge does.",
        "Members ask for a rule on what the nurse in charge does when visitors abuse staff about race.",
    ),
    "referred": Words(
        "Screen readers do not work with the new rostering system.",
        "They do, or there is another way to ask for shifts.",
        "The new rostering system shuts out people who use a screen reader.",
        "Referred to you as a matter of work equipment: the rostering system and screen readers.",
    ),
    "answered": Words(
        "Exit interviews never ask about discrimination.",
        "One question, and somebody who reads the answers.",
        "Members ask for a question on discrimination in exit interviews, and for its answers to be read.",
        "The question stands in the form since the first of the month. This group reads the answers each quarter.",
    ),
    "returned": Words(
        "The meal deal for nights costs more than by day.",
        "The same price.",
        "Members ask for one price of meals by day and by night.",
        "This is the caterer's contract: the estates team answers it, and we have told them.",
    ),
    "withdrawn": Words(
        "My ward's carers' leave is decided by one person who has said what she thinks of it.",
        "Somebody else decides.",
        "A member says that carers' leave on one ward is decided unfairly.",
    ),
    "guardian": Words(
        "Agency staff work without the induction that the log says they had.",
        "The log is compared with the rotas.",
        end="2026/17",
    ),
    "receipt": Words(
        "Translators are booked and not called, and relatives consent for the patient.",
        "The guardian knows that several of us saw it.",
        "Members say that relatives consent for patients although a translator was booked.",
        "2026/09",
    ),
}
