"""Whom the people of two trusts can turn to, in their trust's own words. The numbers are in ranges kept for fiction."""

from typing import Final

from service.demo.cases import Did
from service.demo.consultations.seats import Seats
from service.demo.days import Days
from service.demo.matters import Sign
from service.rules.escalations import SignpostPurpose

SET_AGO: Final = 80
DANGER: Final = "If somebody is in danger now, get help before anything else."
WORDS: Final = {
    "RTD": {
        SignpostPurpose.URGENT_HARM: (DANGER, "999; the site manager on 0191 498 0199, day and night."),
        SignpostPurpose.UNION_REPRESENTATIVE: (
            "A union representative advises you and comes with you.",
            "UNISON and RCN offices, education centre; 0191 498 0142.",
        ),
        SignpostPurpose.GUARDIAN: ("The guardian listens in confidence.", "0191 498 0177, or in this service."),
        SignpostPurpose.GRIEVANCE: ("The grievance procedure hears your own case.", "People team; 0191 498 0120."),
    },
    "RXP": {
        SignpostPurpose.URGENT_HARM: (DANGER, "999; the duty manager through the switchboard."),
        SignpostPurpose.UNION_REPRESENTATIVE: (
            "Your union's representative stands by you.",
            "The joint unions' office, 01632 960 042.",
        ),
        SignpostPurpose.GUARDIAN: ("The guardian helps you to speak up.", "01632 960 077, or in this service."),
        SignpostPurpose.GRIEVANCE: ("A grievance is heard and answered.", "Your people partner, 01632 960 020."),
    },
}


def signposts(days: Days) -> tuple[Sign, ...]:
    """Every signpost of the demo, set by the trusts' HR systems."""
    return tuple(
        Sign(trust, purpose, words, how, Did(Seats(trust).hr_system, days.past(SET_AGO)))
        for trust, posts in WORDS.items()
        for purpose, (words, how) in posts.items()
    )
