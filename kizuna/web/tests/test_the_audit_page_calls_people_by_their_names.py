"""The log keeps codes, since names change and go; the page says who it was."""

from django.utils import timezone

from kizuna.customers.staff.operations import delete_user
from kizuna.customers.staff.rules import Role
from kizuna.facts.audit.operations import record
from kizuna.web.tests.conftest import SignedIn, Staff

PAGE = "/settings/audit/"


def test_a_member_of_staff_the_system_and_the_command_line_are_named(staff: Staff, signed_in: SignedIn) -> None:
    owner, agent, now = staff[Role.OWNER], staff[Role.AGENT], timezone.now()
    record(actor=f"user:{owner.pk}", action="import.undone", target="import:12", detail={"rows": 3}, now=now)
    record(actor="cli:root", action="people.erased", target="person:5", detail={}, now=now)
    record(actor=f"user:{owner.pk}", action="staff.changed", target=f"user:{agent.pk}", detail={}, now=now)
    client = signed_in(Role.OWNER)
    page = client.get(PAGE).content.decode()
    table = page[page.index("<tbody>") :]
    assert owner.name in table
    assert agent.name in table
    assert "システム" in table  # who made the staff
    assert "コマンド操作（root）" in table
    assert "取り込みの取り消し" in table
    assert "user:" not in table
    client.cookies["django_language"] = "en"
    assert "Command line (root)" in client.get(PAGE).content.decode()


def test_somebody_who_was_deleted_keeps_their_number(staff: Staff, signed_in: SignedIn) -> None:
    gone = staff[Role.AGENT].pk
    delete_user(user_id=gone, actor=f"user:{staff[Role.OWNER].pk}", now=timezone.now())
    assert f"削除されたスタッフ（{gone}）" in signed_in(Role.OWNER).get(PAGE).content.decode()


def test_choosing_a_name_narrows_the_log(staff: Staff, signed_in: SignedIn) -> None:
    owner, now = staff[Role.OWNER], timezone.now()
    record(actor=f"user:{owner.pk}", action="company.name", target="company", detail={}, now=now)
    page = signed_in(Role.OWNER).get(PAGE, {"actor": f"user:{owner.pk}"}).content.decode()
    assert page.count("<tr>") == 2  # the heading and the one entry
    assert f'<option value="user:{owner.pk}" selected>{owner.name}</option>' in page


def test_the_export_keeps_the_code(staff: Staff, signed_in: SignedIn) -> None:
    owner = staff[Role.OWNER]
    record(actor=f"user:{owner.pk}", action="company.name", target="company", detail={}, now=timezone.now())
    answer = signed_in(Role.OWNER).get("/settings/audit/export/", {"format": "csv"})
    table = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert f"user:{owner.pk}," in table
    assert owner.name not in table
