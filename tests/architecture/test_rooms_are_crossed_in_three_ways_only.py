"""No signals, no look-ups of models by name, no imports hidden inside functions, foreign keys point down."""

import ast
import tomllib

from django.apps import apps
from django.db import models

from tests.architecture.sources import ROOT, name_of, python_files, tree_of

ROOMS = ("facts", "customers", "listen", "understand", "act", "connectors", "prove", "web")


def test_nothing_is_imported_inside_a_function_but_heavy_packages() -> None:
    hidden = []
    for path in python_files():
        for function in ast.walk(tree_of(path)):
            if not isinstance(function, ast.FunctionDef):
                continue
            for node in ast.walk(function):
                if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("kizuna"):
                    hidden.append(f"{name_of(path)}:{node.lineno}")
    assert hidden == []


def test_rooms_do_not_speak_by_signals_or_by_model_name() -> None:
    found = []
    for path in python_files():
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("django.db.models.signals"):
                found.append(f"{name_of(path)}:{node.lineno}")
            if isinstance(node, ast.Attribute) and node.attr == "get_model":
                found.append(f"{name_of(path)}:{node.lineno}")
    assert found == []


def test_foreign_keys_point_down_and_nobody_looks_back() -> None:
    features = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    inside = {contract["containers"][0].split(".")[1]: contract["layers"] for contract in features[1:3]}
    wrong = []
    for model in apps.get_models():
        if not model.__module__.startswith("kizuna."):
            continue
        for field in model._meta.get_fields():
            if not isinstance(field, models.ForeignKey | models.OneToOneField | models.ManyToManyField):
                continue
            if field.auto_created or not field.related_model.__module__.startswith("kizuna."):
                continue
            _, room, feature, *_ = model.__module__.split(".")
            _, other, other_feature, *_ = field.related_model.__module__.split(".")
            upward = ROOMS.index(other) > ROOMS.index(room)
            if room == other and room in inside and feature != other_feature:
                upward = inside[room].index(other_feature) < inside[room].index(feature)
            if upward or not field.remote_field.hidden:
                wrong.append(f"{model.__name__}.{field.name}")
    assert wrong == []


def test_every_model_says_what_personal_data_it_holds() -> None:
    silent = []
    for model in apps.get_models():
        if not model.__module__.startswith("kizuna."):
            continue
        said = " ".join((model.__doc__ or "").split())
        complete = "Personal data: none" in said or all(
            word in said for word in ("Personal data:", "Basis:", "Erased by:")
        )
        if not complete:
            silent.append(model.__name__)
    assert silent == []
