"""What the everyday issues of RTD say. Invented."""

from collections.abc import Mapping
from typing import Final

from service.demo.issues.telling import Words

WORDS: Final[Mapping[str, Words]] = {
    "awaiting": Words(
        "Carers' leave is refused in the weeks before school holidays, with no reason given.",
        "A reason in writing whenever it is refused.",
        "Carers ask that a refusal of carers' leave says why.",
    ),
    "closed": Words(
        "The women's network has nowhere to meet since the library moved.",
        "A room, twice a month.",
        end="The education centre gives us a room on second and fourth Tuesdays.",
    ),
    "sent": Words(
        "The uniform policy knows one fabric, and it is too warm for many of us in our fifties.",
        "A second fabric in the policy.",
        "Members ask for a second, lighter fabric in the uniform policy.",
    ),
    "late": Words(
        "The car park lights by the east gate go off at ten, and late shifts end at half past.",
        "Lights until midnight.",
        "The lights at the east gate go off before the late shift ends. Members walk there in the dark.",
    ),
    "acknowledged": Words(
        "The equality action plan does not say a word about people who care for somebody.",
        "Carers named in the plan, with one action of their own.",
        "Carers ask to be named in the equality action plan, with at least one action.",
    ),
    "accepted": Words(
        "Two of the lifts in the north wing have been out of order since the summer.",
        "One of them mended, and a way round until it is.",
        "Members who cannot use stairs reach the north wing only through the kitchens. Two lifts are out of order.",
    ),
    "agenda": Words(
        "Patients' abuse of staff about race is put down to their illness and never recorded.",
        "Every incident recorded, and somebody who asks how we are.",
        "Racist abuse of staff by patients is not recorded on many wards. Members ask for records and for support.",
    ),
    "referred": Words(
        "Adjusted chairs are taken away at every deep clean and come back weeks later.",
        "A label that cleaners know.",
        "Members ask that adjusted furniture is not moved without its user's knowledge.",
        "The negotiating committee refers this to you: adjusted furniture goes missing when rooms are cleaned.",
    ),
    "answered": Words(
        "Interview panels for band 7 and above are often three people of one background.",
        "Panels that are mixed, and trained.",
        "Members ask for mixed and trained interview panels from band 7 up.",
        "From January every panel from band 7 up has an inclusion representative; a list of thirty is trained.",
    ),
    "returned": Words(
        "Bank rates differ between sites for the same shift.",
        "One rate.",
        "Members say that bank rates for the same shift differ between sites.",
        "Rates of the bank are set with its provider, outside this committee. Ask the workforce committee.",
    ),
    "withdrawn": Words(
        "Phones must stay in lockers, and my mother's care home cannot reach me.",
        "Carers may keep a phone at hand.",
        "Carers ask to keep a phone within reach on shift.",
    ),
    "guardian": Words(
        "Controlled drugs are counted by one person alone on some nights, and signed for two.",
        "Somebody looks at the books of the last quarter.",
        end="FTSU 0412",
    ),
    "receipt": Words(
        "Several of us were told not to write up falls before the inspection.",
        "The guardian hears of it from all of us.",
        "Members say that they were told not to record falls before an inspection.",
        "FTSU 0398",
    ),
}
