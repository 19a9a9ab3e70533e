"""A form as a browser reads it from a page: what it would send when a button is pressed."""

from collections.abc import Mapping
from html.parser import HTMLParser

from django.test import Client


class _Reader(HTMLParser):
    """Collects the fields of the form with the id ``editor``."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self._inside = False
        self._select: list[tuple[str, bool]] | None = None
        self._name = ""
        self._area: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {key: value or "" for key, value in attrs}
        if tag == "form":
            self._inside = told.get("id") == "editor"
        elif not self._inside:
            return
        elif tag == "input" and not (told.get("type") == "checkbox" and "checked" not in told):
            self._add(told["name"], told.get("value", ""))
        elif tag == "select":
            self._name, self._select = told["name"], []
        elif tag == "option" and self._select is not None:
            self._select.append((told.get("value", ""), "selected" in told))
        elif tag == "textarea":
            self._name, self._area = told["name"], []

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "select" and self._select is not None:
            chosen = [value for value, selected in self._select if selected]
            self._add(self._name, chosen[0] if chosen else self._select[0][0] if self._select else "")
            self._select = None
        elif tag == "textarea" and self._area is not None:
            self._add(self._name, "".join(self._area))
            self._area = None

    def _add(self, name: str, value: str) -> None:
        self.fields.setdefault(name, []).append(value)


class Editor:
    """The open editor: fill in fields, press buttons, read what came back."""

    def __init__(self, *, client: Client, path: str) -> None:
        self.client, self.path = client, path
        self._take(client.get(path).content.decode())

    def _take(self, page: str) -> None:
        reader = _Reader()
        reader.feed(page)
        self.page, self.fields = page, reader.fields

    def fill(self, values: Mapping[str, str]) -> None:
        """Type over fields that are there; of several with one name the last."""
        for name, value in values.items():
            self.fields[name][-1] = value

    def press(self, act: str) -> int:
        """Send the form by this button; the answer's page is open afterwards, unless it leads elsewhere."""
        answer = self.client.post(self.path, {**self.fields, "act": act})
        if answer.status_code != 302:
            self._take(answer.content.decode())
        self.led_to = answer.headers.get("Location", "")
        return answer.status_code

    def steps(self) -> list[tuple[str, str]]:
        """The steps in order: id and kind."""
        return [(node, self.fields[f"step:{node}:type"][0]) for node in self.fields.get("step", [])]

    def value(self, name: str) -> str:
        """What stands in a field."""
        return self.fields[name][-1]
