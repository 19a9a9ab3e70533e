"""The ``kizuna`` command. Importing this package sets Django up, so that its modules may import models."""

import argparse
import os
from typing import TypeAlias

import django
from django.apps import apps

if not apps.ready:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kizuna.web.settings")
    django.setup()

# argparse has no public name for what ``add_subparsers`` returns.
Subparsers: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001
