"""Write ``docs/metrics/`` from the definitions."""

from pathlib import Path

from kizuna.understand.metrics.rules.page import file_name, index_of, page_of
from kizuna.understand.metrics.rules.registry import METRICS


def write_docs(*, folder: Path) -> int:
    """One page per metric and an index; pages of metrics that are gone are removed. Returns how many pages."""
    folder.mkdir(parents=True, exist_ok=True)
    pages = {file_name(metric=metric): page_of(metric=metric) for metric in METRICS.values()}
    pages["README.md"] = index_of(metrics=list(METRICS.values()))
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8")
    for path in folder.glob("*.md"):
        if path.name not in pages:
            path.unlink()
    return len(pages)
