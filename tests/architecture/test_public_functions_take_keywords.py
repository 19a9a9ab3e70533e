"""A call of an operation, a query or a statistic names its arguments, so that it reads as a sentence."""

import ast

from tests.architecture.sources import PACKAGE, name_of, python_files, tree_of

ROLES = {"operations", "queries", "rules"}


def test_operations_queries_rules_and_statistics_are_keyword_only() -> None:
    positional = []
    for path in python_files():
        by_name = path.stem in ROLES or path.parent.name in ROLES or path.is_relative_to(PACKAGE / "stats")
        if not by_name:
            continue
        for node in tree_of(path).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and node.args.args:
                positional.append(f"{name_of(path)}:{node.name}")
    assert positional == []


def test_public_functions_say_what_they_do() -> None:
    silent = []
    for path in python_files():
        for node in tree_of(path).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                small = isinstance(node, ast.ClassDef) and node.name.endswith("Config")
                if not small and not ast.get_docstring(node):
                    silent.append(f"{name_of(path)}:{node.name}")
    assert silent == []
