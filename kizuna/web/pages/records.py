"""Parked facts, the audit log and the state of the system."""

import json
from collections.abc import Iterator
from contextlib import suppress

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from kizuna.customers.staff.queries import present
from kizuna.customers.staff.views import actor_of
from kizuna.errors import Invalid
from kizuna.facts.audit import operations as audit
from kizuna.facts.audit.queries import Entry, entries, verify_chain
from kizuna.facts.outbox.operations import check_now, discard_parked, retry_parked
from kizuna.facts.outbox.queries import FailingStep, failing_steps, parked, status, worker_seen_at
from kizuna.facts.outbox.rules import SILENT
from kizuna.facts.state.queries import made_at
from kizuna.gates.write_csv import Cell
from kizuna.loop import CHECKS, STEPS
from kizuna.web.actors import ACTIONS, Actors, actors
from kizuna.web.checkup import last_check
from kizuna.web.pages.door import number_in, settings_trail
from kizuna.web.pages.exports import Column, table_response
from kizuna.words import Words

PAGE = 100


class ReasonMissing(Invalid):
    """A fact is set aside for good only with a reason that can be read later."""

    code = "reason_missing"


@require_GET
def parked_facts(request: HttpRequest) -> HttpResponse:
    """Facts whose reactions failed eight times, waiting for a person."""
    return render(request, "pages/parked.html", {"parked": parked(limit=200), "trail": settings_trail()})


@require_POST
def retry(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Let the worker try once more."""
    now = timezone.now()
    retry_parked(entry_id=entry_id, now=now)
    audit.record(actor=actor_of(request), action="outbox.retry", target=f"entry:{entry_id}", detail={}, now=now)
    messages.success(request, str(Words(ja="もう一度処理します。", en="It will be tried again.")))
    return redirect("parked_facts")


@require_POST
def discard(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Give up on the reaction, with the reason in the audit log. The fact itself stays in the lake."""
    reason = request.POST.get("reason", "").strip()
    if not reason:
        raise ReasonMissing(Words(ja="取りやめる理由を書いてください。", en="Please write why it is given up."))
    discard_parked(entry_id=entry_id, reason=reason, actor=actor_of(request), now=timezone.now())
    messages.success(request, str(Words(ja="処理を取りやめました。", en="The reaction was given up.")))
    return redirect("parked_facts")


def _filter(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET.get(name, "").strip() for name in ("actor", "action", "target")}


@require_GET
def audit_log(request: HttpRequest) -> HttpResponse:
    """Who did what, the newest first; the chain is checked on request since it reads every entry."""
    wanted = _filter(request)
    before = number_in(text=request.GET.get("before"))
    found, known = entries(limit=PAGE + 1, before_id=before, **wanted), actors()
    seen = {entry.actor for entry in found} | {wanted["actor"]}
    context = {
        "entries": [_told(entry=entry, known=known) for entry in found[:PAGE]],
        "actors": known.choices(also=seen),
        "actions": ACTIONS,
        "older": found[PAGE - 1].entry_id if len(found) > PAGE else None,
        "wanted": wanted,
        "chain": verify_chain() if request.GET.get("verify") else None,
        "trail": settings_trail(),
    }
    return render(request, "pages/audit.html", context)


def _told(*, entry: Entry, known: Actors) -> dict[str, object]:
    """One entry with names for its codes; the export keeps the codes."""
    return {
        "entry": entry,
        "actor": known.name(code=entry.actor),
        "action": ACTIONS.get(entry.action),
        "target": known.name(code=entry.target),
        "detail": _plain(entry.detail),
    }


def _plain(detail: object) -> str:
    return "" if not detail else json.dumps(detail, ensure_ascii=False)


@require_GET
def audit_export(request: HttpRequest) -> FileResponse:
    """The filtered audit log as a table."""
    columns = (
        Column(key="id", words=Words(ja="番号", en="Number")),
        Column(key="recorded_at", words=Words(ja="日時", en="Time")),
        Column(key="actor", words=Words(ja="操作した人", en="Actor")),
        Column(key="action", words=Words(ja="操作", en="Action")),
        Column(key="target", words=Words(ja="対象", en="Target")),
        Column(key="detail", words=Words(ja="詳細", en="Detail")),
        Column(key="hash", words=Words(ja="ハッシュ", en="Hash")),
    )
    return table_response(request, name="audit", columns=columns, rows=_audit_rows(wanted=_filter(request)))


def _audit_rows(*, wanted: dict[str, str]) -> Iterator[list[Cell]]:
    before: int | None = None
    while found := entries(limit=1000, before_id=before, **wanted):
        for entry in found:
            yield [
                *(entry.entry_id, entry.recorded_at, entry.actor, entry.action, entry.target),
                *(_plain(entry.detail), entry.hash),
            ]
        before = found[-1].entry_id


def _said(*, failing: FailingStep) -> dict[str, object]:
    """A failing step with the name people know it by."""
    return {"name": STEPS.get(failing.step, failing.step), "failing": failing}


def _lake_sizes() -> Iterator[int]:
    for path in settings.LAKE.rglob("*.parquet"):
        with suppress(FileNotFoundError):  # merged into another file meanwhile
            yield path.stat().st_size


@require_GET
def system_status(request: HttpRequest) -> HttpResponse:
    """Whether the worker keeps up, how large the lake is, and where things lie."""
    now = timezone.now()
    waiting, seen_at = status(), worker_seen_at()
    files = list(_lake_sizes())
    context = {
        "waiting": waiting,
        "delay_seconds": int((now - waiting.oldest_at).total_seconds()) if waiting.oldest_at else 0,
        "worker_alive": seen_at is not None and now - seen_at < SILENT,
        "worker_seen_at": seen_at,
        "failing": [_said(failing=one) for one in failing_steps()],
        "state_made_at": made_at(),
        "checkup": last_check(),
        "lake_files": len(files),
        "lake_megabytes": round(sum(files) / 1e6, 1),
        "home": settings.HOME,
        "database": settings.DATABASES["default"]["ENGINE"].rpartition(".")[2],
        "public_url": settings.PUBLIC_URL,
        "trail": settings_trail(),
    }
    return render(request, "pages/status.html", context)


@require_POST
def system_check(request: HttpRequest) -> HttpResponse:
    """Hold practices and offers against what must always be true of them."""
    check_now(now=present(), checks=CHECKS)
    audit.record(actor=actor_of(request), action="system.check", target="system", detail={}, now=timezone.now())
    return redirect(f"{reverse('system_status')}#checkup")
