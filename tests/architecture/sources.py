"""The project's own Python files, parsed once for all architecture tests."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "kizuna"


@cache
def python_files() -> tuple[Path, ...]:
    """Every Python file of the application, tests and migrations left out."""
    return tuple(
        path for path in sorted(PACKAGE.rglob("*.py")) if "migrations" not in path.parts and "tests" not in path.parts
    )


@cache
def tree_of(path: Path) -> ast.Module:
    """The file's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"))


def name_of(path: Path) -> str:
    """The path as a person would say it."""
    return str(path.relative_to(ROOT))
