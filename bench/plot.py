"""A bar chart as SVG, by hand: a title and a description for who cannot see it, and every figure as text."""

from collections.abc import Mapping, Sequence
from typing import Final
from xml.sax.saxutils import escape

from bench.measure import Key, Sample
from bench.report import HEADLINE
from bench.services import TITLES
from bench.workloads import Workload

WIDTH: Final = 920
LEFT: Final = 264
BAR: Final = 18
GAP: Final = 26
APP: Final = "#005eb8"
DATABASE: Final = "#768692"


def bars(samples: Mapping[Key, Sample], services: Sequence[str], workloads: Sequence[Workload]) -> str:
    """Processor time per request: one group of bars for each workload, each group on its own scale."""
    parts: list[str] = []
    top = 64
    for workload in workloads:
        shown = [(name, samples[name, workload.name, HEADLINE]) for name in services]
        most = max(sample.total_ms for _, sample in shown)
        parts.append(f'<text x="16" y="{top}" font-weight="bold">{escape(workload.title)}</text>')
        for place, (name, sample) in enumerate(shown):
            parts += _bar(TITLES[name], sample, (WIDTH - LEFT - 180) / most, top + 10 + place * (BAR + 4))
        top += 10 + len(shown) * (BAR + 4) + GAP
    said = escape(_description(samples, services, workloads))
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top}" role="img" '
            'aria-labelledby="title description" font-family="sans-serif" font-size="14">',
            '<title id="title">Processor milliseconds per request, application and database</title>',
            f'<desc id="description">{said}</desc>',
            f'<rect width="{WIDTH}" height="{top}" fill="#ffffff"/>',
            f'<rect x="16" y="16" width="14" height="14" fill="{APP}"/><text x="36" y="28">application</text>',
            f'<rect x="136" y="16" width="14" height="14" fill="{DATABASE}"/><text x="156" y="28">database</text>',
            f'<text x="256" y="28">milliseconds of processor time per request, {HEADLINE} connections</text>',
            *parts,
            "</svg>",
            "",
        ]
    )


def _bar(title: str, sample: Sample, scale: float, y: float) -> list[str]:
    app, database = sample.app_ms * scale, sample.database_ms * scale
    figures = f"{sample.app_ms:.2f} + {sample.database_ms:.2f} = {sample.total_ms:.2f}"
    base = y + BAR - 4
    return [
        f'<text x="{LEFT - 8}" y="{base:.0f}" text-anchor="end">{escape(title)}</text>',
        f'<rect x="{LEFT}" y="{y:.0f}" width="{app:.1f}" height="{BAR}" fill="{APP}"/>',
        f'<rect x="{LEFT + app:.1f}" y="{y:.0f}" width="{database:.1f}" height="{BAR}" fill="{DATABASE}"/>',
        f'<text x="{LEFT + app + database + 6:.1f}" y="{base:.0f}">{figures}</text>',
    ]


def _description(samples: Mapping[Key, Sample], services: Sequence[str], workloads: Sequence[Workload]) -> str:
    groups = []
    for workload in workloads:
        said = (f"{TITLES[name]} {samples[name, workload.name, HEADLINE].total_ms:.2f}" for name in services)
        groups.append(f"{workload.title}: {', '.join(said)}")
    return "Total milliseconds per request. " + ". ".join(groups) + "."
