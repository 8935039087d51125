"""The demo's consultations: every state at RTD, and one open at each other trust."""

from service.demo.cases import Consultation
from service.demo.consultations.agreed import reasonable_adjustments
from service.demo.consultations.closed import dignity_at_work
from service.demo.consultations.elsewhere import open_consultations
from service.demo.consultations.not_agreed import sickness_absence
from service.demo.consultations.running import flexible_working, menopause, records_store
from service.demo.consultations.waiting import draft, planned, withdrawn
from service.demo.days import Days


def consultations(days: Days) -> tuple[Consultation, ...]:
    """Every consultation of the demo."""
    return (
        flexible_working(days),
        menopause(days),
        records_store(days),
        draft(days),
        planned(days),
        dignity_at_work(days),
        reasonable_adjustments(days),
        sickness_absence(days),
        withdrawn(days),
        *open_consultations(days),
    )
