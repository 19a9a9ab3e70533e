"""Every address of the application. Features bring their own ``urls``; this file only mounts them."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
