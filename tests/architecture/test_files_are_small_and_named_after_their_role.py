"""File names are the architecture: a feature holds only the files that design allows, each small."""

import ast

from django.apps import apps

from tests.architecture.sources import PACKAGE, name_of, python_files, tree_of

FEATURE_FILES = {
    *("models", "rules", "queries", "operations", "forms", "views", "api", "reactions", "admin", "urls"),
    *("apps", "migrations", "templates", "templatetags", "tests", "__init__", "__pycache__"),
}
DATA_FOLDERS = {"kizuna/connectors/tables": {"layouts"}}
BANNED_NAMES = {"utils", "util", "helpers", "common", "core", "base", "lib", "manager", "managers", "misc"}


def test_a_feature_holds_only_the_files_that_design_allows() -> None:
    strangers = []
    for config in apps.get_app_configs():
        if not config.name.startswith("kizuna.") or config.name == "kizuna.web":
            continue
        folder = PACKAGE.parent / config.name.replace(".", "/")
        allowed = FEATURE_FILES | DATA_FOLDERS.get(name_of(folder), set())
        strangers += [name_of(entry) for entry in folder.iterdir() if entry.name.split(".")[0] not in allowed]
    assert strangers == []


def test_no_file_is_a_drawer_for_odds_and_ends() -> None:
    assert [name_of(path) for path in python_files() if path.stem in BANNED_NAMES] == []


def test_no_file_is_longer_than_400_lines() -> None:
    long = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in python_files()}
    assert {name: lines for name, lines in long.items() if lines > 400} == {}


def test_no_function_is_longer_than_50_lines() -> None:
    long = []
    for path in python_files():
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.FunctionDef):
                first = node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0]
                lines = (node.end_lineno or 0) - first.lineno + 1
                if lines > 50:
                    long.append(f"{name_of(path)}:{node.name} {lines}")
    assert long == []
