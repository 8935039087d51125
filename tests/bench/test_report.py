"""What the benchmark says of its figures: arithmetic and words, with no service running."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest

from bench.measure import Key, Sample, middle
from bench.plot import bars
from bench.report import HEADLINE, geometric_mean, last_line, machine, ratio, report
from bench.results import replaced
from bench.services import TITLES
from bench.workloads import HANDWRITTEN, OURS, POSTGRAPHILE, WORKLOADS

LAST_LINE = re.compile(
    r"total-cpu ratio to PostGraphile: (\d+\.\d\d), to Strawberry\+DataLoader: (\d+\.\d\d), to hand-written: (\d+\.\d\d)"
)


def costs(app: float, database: float) -> Sample:
    return Sample(app_ms=app, database_ms=database, throughput=100.0, p50_ms=1.0, p99_ms=2.0)


def run(**totals: float) -> Mapping[Key, Sample]:
    by_name = {name: totals.get(name.replace("-", "_"), 1.0) for name in TITLES}
    return {
        (name, workload.name, HEADLINE): costs(total * 0.75, total * 0.25)
        for name, total in by_name.items()
        for workload in WORKLOADS
    }


def test_a_script_that_reads_the_last_line_finds_the_three_ratios() -> None:
    said = last_line(run(partnership=2.0, postgraphile=4.0, strawberry_orm=20.0, hand_written=1.0), WORKLOADS)
    found = LAST_LINE.fullmatch(said)
    assert found is not None
    assert found.groups() == ("0.50", "0.10", "2.00")


def test_a_reader_of_the_mean_is_not_misled_by_one_extreme_workload() -> None:
    assert geometric_mean([0.5, 2.0]) == pytest.approx(1.0)
    assert ratio([1.0, 1.0, 8.0], [1.0, 1.0, 1.0]) == pytest.approx(2.0)


def test_a_ratio_counts_application_and_database_together() -> None:
    samples = dict(run())
    for workload in WORKLOADS:
        samples[OURS, workload.name, HEADLINE] = costs(1.0, 3.0)
        samples[POSTGRAPHILE, workload.name, HEADLINE] = costs(3.0, 1.0)
    assert "PostGraphile: 1.00," in last_line(samples, WORKLOADS)


def test_peers_of_another_number_of_workloads_are_not_compared() -> None:
    with pytest.raises(ValueError, match="zip"):
        ratio([1.0, 2.0], [1.0])


def test_one_noisy_round_does_not_move_the_median() -> None:
    assert middle([costs(1.0, 1.0), costs(1.1, 0.9), costs(9.0, 9.0)]) == costs(1.1, 1.0)


def test_a_reader_of_the_results_learns_the_machines_class_and_no_name_of_it() -> None:
    import getpass
    import socket

    said = report(
        run(),
        list(TITLES),
        WORKLOADS,
        {workload.name: 7 for workload in WORKLOADS},
        dict.fromkeys(TITLES, 2**27),
        at=datetime(2026, 11, 22, 6, 0, tzinfo=UTC),
        how="Once.",
    )
    assert said.startswith("Measured 2026-11-22 06:00 UTC on ")
    assert "cores" in machine()
    assert socket.gethostname() not in said
    assert f"/{getpass.getuser()}" not in said
    assert said.rstrip("`").endswith(last_line(run(), WORKLOADS))


def test_who_cannot_see_the_plot_is_told_every_figure() -> None:
    samples = run(hand_written=1.23)
    drawn = ElementTree.fromstring(bars(samples, list(TITLES), WORKLOADS))
    spaced = "{http://www.w3.org/2000/svg}"
    title, description = drawn.find(f"{spaced}title"), drawn.find(f"{spaced}desc")
    assert title is not None
    assert title.text
    assert description is not None
    assert (description.text or "").count(f"{TITLES[HANDWRITTEN]} 1.23") == len(WORKLOADS)
    assert drawn.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"


def test_who_runs_one_part_again_keeps_the_others_results() -> None:
    both = replaced(replaced("", "Soak", "90 MB"), "Side by side", "a table\n\n### More\n\ntext")
    again = replaced(both, "Side by side", "another table")
    assert again.index("another table") < again.index("90 MB")
    assert "a table\n" not in again
    assert replaced(again, "Soak", "90 MB") == again
