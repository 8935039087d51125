"""Invented people. Given names are as varied as the NHS workforce; family names are made up from hills and water.

No family name here is meant to be anybody's, and every name carries the word "demo", so that no record of the demo
can be taken for a record about a real person (DESIGN section 10).
"""

from typing import Final

LABEL: Final = "(demo)"
BLOCK: Final = 400  # numbers kept for each trust, so that a new seat in one trust renames nobody in another

GIVEN: Final = (
    *("Aaliyah", "Abimbola", "Adaeze", "Agnieszka", "Aisling", "Alun", "Amara", "Anjali", "Arjun", "Ayesha"),
    *("Babajide", "Beatriz", "Bethan", "Bronagh", "Callum", "Catarina", "Chidi", "Chloe", "Conall", "Cristina"),
    *("Dafydd", "Danuta", "Deepika", "Delroy", "Dimitra", "Ebony", "Efua", "Eilidh", "Emeka", "Esme"),
    *("Farah", "Fergus", "Fiona", "Folasade", "Gareth", "Grainne", "Gurpreet", "Hamza", "Hanna", "Harriet"),
    *("Ibrahim", "Ifeoma", "Imran", "Ines", "Ioana", "Jasmin", "Jerome", "Jia", "Joseph", "Kamala"),
    *("Kasia", "Keisha", "Kofi", "Lakshmi", "Leila", "Lowri", "Mairead", "Malik", "Marisol", "Mei"),
    *("Nadia", "Ngozi", "Niamh", "Olu", "Oskar", "Padraig", "Parveen", "Petra", "Priya", "Rafael"),
    *("Rhiannon", "Rosamund", "Sadia", "Sanjay", "Shanice", "Siew", "Tariq", "Teresa", "Yusuf", "Zofia"),
)
FAMILY: Final = (
    *("Alderfold", "Ashtarn", "Birchwath", "Blackhaugh", "Brackenmere", "Briarlaw", "Burnfold", "Cairnbeck"),
    *("Cloudfell", "Coldhaugh", "Cragwater", "Curlewby", "Dovelaw", "Eastermoss", "Eiderby", "Elmwath"),
    *("Ferntarn", "Fogmoor", "Foxhaugh", "Galefold", "Gorsemere", "Greytarn", "Harefell", "Hawkwath"),
    *("Heronlaw", "Hollinmoss", "Ivyhaugh", "Kelpmoor", "Kestrelby", "Larchfold", "Larkmere", "Lingtarn"),
    *("Marshwath", "Mistfell", "Mosslaw", "Nettlefold", "Oakhaugh", "Otterwath", "Peatmere", "Pinetarn"),
    *("Ploverby", "Quarrylaw", "Rainfell", "Ravenmoss", "Reedhaugh", "Rowanfold", "Rushmere", "Saltwath"),
    *("Sedgetarn", "Slatelaw", "Sleetfell", "Snowhaugh", "Sorrelby", "Starmoss", "Stormwath", "Swanmere"),
    *("Tarnfold", "Thornhaugh", "Wheatfell", "Willowtarn", "Wrenlaw"),
)
STRIDE: Final = 7  # 1 + 80 x 7 shares no factor with 61, so no two numbers below 80 x 61 give the same name


def invented_name(number: int) -> str:
    """The name of demo person `number`; different for every number from 0 to 4879."""
    if not 0 <= number < len(GIVEN) * len(FAMILY):
        raise ValueError(f"there is no demo person {number}")
    given = GIVEN[number % len(GIVEN)]
    family = FAMILY[(number // len(GIVEN) + number * STRIDE) % len(FAMILY)]
    return f"{given} {family} {LABEL}"
