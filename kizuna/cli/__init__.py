"""The ``kizuna`` command. Importing this package sets Django up, so that its modules may import models."""

import os

import django
from django.apps import apps

if not apps.ready:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kizuna.web.settings")
    django.setup()
