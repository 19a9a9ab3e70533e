"""The ``kizuna`` command. Importing this package sets Django up, so that its modules may import models."""

import argparse
import os
import sys
from typing import TypeAlias

import django
from django.apps import apps

from kizuna.words import Words

UNUSABLE_HOME = Words(
    ja="KIZUNA_HOME のフォルダ「{home}」を使えません（{why}）。場所と書き込み権限を確認してください。",
    en="The folder “{home}” named by KIZUNA_HOME cannot be used ({why}). Check where it is and that it is writable.",
)

if not apps.ready:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kizuna.web.settings")
    try:
        django.setup()
    except OSError as error:
        # Settings make the home folder and its key. Nothing works without it, and a stack trace says less.
        home = os.environ.get("KIZUNA_HOME", "var")
        told = UNUSABLE_HOME.fill(home=home, why=error.strerror or str(error))
        print(f"{told.ja}\n{told.en}", file=sys.stderr)
        raise SystemExit(2) from None

# argparse has no public name for what ``add_subparsers`` returns.
Subparsers: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001
