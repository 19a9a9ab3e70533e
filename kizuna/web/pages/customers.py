"""Customers: the list with search, and its export."""

from collections.abc import Iterator, Sequence

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from kizuna.customers.orders.queries import people_of_order
from kizuna.customers.people.queries import PersonHit, search
from kizuna.customers.staff.views import actor_of, stores_of, user_of
from kizuna.facts.audit import operations as audit
from kizuna.gates.write_csv import Cell
from kizuna.web.access import is_allowed
from kizuna.web.pages.exports import Column, table_response
from kizuna.words import Words

SHOWN = 50
EXPORTED = 200_000

COLUMNS = (
    Column(key="id", words=Words(ja="顧客番号", en="Customer")),
    Column(key="name", words=Words(ja="名前", en="Name")),
    Column(key="kana", words=Words(ja="フリガナ", en="Reading")),
    Column(key="mail", words=Words(ja="メール", en="Mail")),
    Column(key="phone", words=Words(ja="電話", en="Phone")),
    Column(key="sources", words=Words(ja="取得元", en="Sources")),
)


@require_GET
def customers(request: HttpRequest) -> HttpResponse:
    """The newest customers, or those that match what was typed: name, reading, mail, phone, number, order."""
    text = request.GET.get("q", "").strip()
    stores = stores_of(request)
    by_order = people_of_order(external_id=text, stores=stores) if text else ()
    typing = bool(request.headers.get("HX-Request"))
    if len(set(by_order)) == 1 and not typing:
        return redirect("customer", person_id=by_order[0])
    hits = search(text=text, stores=stores, limit=SHOWN + 1)
    if by_order and typing:
        hits = [
            *(hit for person in dict.fromkeys(by_order) for hit in search(text=str(person), stores=stores, limit=1)),
            *hits,
        ]
    if text and len(hits) == 1 and not typing:
        return redirect("customer", person_id=hits[0].root_id)
    context = {"text": text, "hits": hits[:SHOWN], "more": len(hits) > SHOWN, "shown": SHOWN}
    context["may_export"] = is_allowed(user=user_of(request), view="customers_export")
    template = "pages/customers_rows.html" if typing else "pages/customers.html"
    return render(request, template, context)


@require_GET
def customers_export(request: HttpRequest) -> FileResponse:
    """The same list as a table; who took it is in the audit log."""
    text = request.GET.get("q", "").strip()
    hits = search(text=text, stores=stores_of(request), limit=EXPORTED)
    detail = {"count": len(hits), "searched": bool(text), "format": request.GET.get("format", "xlsx")}
    audit.record(
        actor=actor_of(request), action="customers.export", target="customers", detail=detail, now=timezone.now()
    )
    return table_response(request, name="customers", columns=COLUMNS, rows=_rows(hits=hits))


def _rows(*, hits: Sequence[PersonHit]) -> Iterator[list[Cell]]:
    for hit in hits:
        yield [hit.root_id, hit.name, hit.kana, hit.email, hit.phone, " ".join(hit.sources)]
