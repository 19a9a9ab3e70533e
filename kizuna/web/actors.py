"""What the audit log's codes are called on the page: people by their names, acts by their words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kizuna.customers.staff.queries import StaffCard, all_staff
from kizuna.words import Words

_USER, _COMMAND_LINE = "user:", "cli:"

ACTIONS: dict[str, Words] = {
    "answers.exported": Words(ja="回答の書き出し", en="Answers exported"),
    "company.name": Words(ja="会社名の変更", en="Company renamed"),
    "customers.export": Words(ja="顧客一覧の書き出し", en="Customers exported"),
    "facts.discard_parked": Words(ja="保留中の処理の取りやめ", en="Parked fact given up"),
    "import.done": Words(ja="取り込みの完了", en="Import done"),
    "import.failed": Words(ja="取り込みの失敗", en="Import failed"),
    "import.queued": Words(ja="取り込みの開始", en="Import started"),
    "import.undone": Words(ja="取り込みの取り消し", en="Import undone"),
    "line.settings": Words(ja="LINEの設定の変更", en="LINE settings changed"),
    "mail.return_set_aside": Words(ja="戻ってきたメールを対応不要に", en="Returned mail set aside"),
    "mail.settings": Words(ja="メールの設定の変更", en="Mail settings changed"),
    "message.settled": Words(ja="結果不明の配信の確認", en="Message in doubt settled"),
    "outbox.retry": Words(ja="保留中の処理の再実行", en="Parked fact tried again"),
    "people.erased": Words(ja="顧客の消去", en="Customer erased"),
    "people.evidence_retracted": Words(ja="同一人物の根拠の取り下げ", en="Evidence retracted"),
    "people.exported": Words(ja="顧客情報の開示", en="Customer disclosed"),
    "people.merged": Words(ja="顧客の統合", en="Customers merged"),
    "reviews.exported": Words(ja="口コミの書き出し", en="Reviews exported"),
    "scale.confirmed": Words(ja="自社基準の尺度の確定", en="Scale confirmed"),
    "sms.settings": Words(ja="SMSの設定の変更", en="SMS settings changed"),
    "staff.changed": Words(ja="スタッフの変更", en="Staff changed"),
    "staff.created": Words(ja="スタッフの追加", en="Staff added"),
    "staff.deleted": Words(ja="スタッフの削除", en="Staff deleted"),
    "staff.password_set": Words(ja="パスワードの再設定", en="Password set"),
    "store.described": Words(ja="店舗の変更", en="Store changed"),
    "survey.edited": Words(ja="アンケートの編集", en="Survey edited"),
    "system.check": Words(ja="記録の確認", en="Records checked"),
}
"""The acts that have a name of their own; an act without one shows its code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One actor to narrow the log by."""

    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Actors:
    """Everybody who is or may be named in the log, read once per page."""

    staff: Mapping[str, StaffCard]

    def name(self, *, code: str) -> str:
        """What to print for ``user:7``, ``cli:root`` or ``system``; any other code is printed as it is."""
        if code in self.staff:
            return self.staff[code].name
        if code.startswith(_USER):
            gone = Words(ja="削除されたスタッフ（{id}）", en="Deleted staff ({id})")
            return str(gone.fill(id=code.removeprefix(_USER)))
        if code.startswith(_COMMAND_LINE):
            typed = Words(ja="コマンド操作（{login}）", en="Command line ({login})")
            return str(typed.fill(login=code.removeprefix(_COMMAND_LINE)))
        return str(Words(ja="システム", en="System")) if code == "system" else code

    def choices(self, *, also: Iterable[str]) -> list[Choice]:
        """The staff by name, then the system and whoever else the page speaks of."""
        others = sorted({"system", *also} - set(self.staff) - {""})
        return [Choice(code=code, name=self.name(code=code)) for code in (*self.staff, *others)]


def actors() -> Actors:
    """The names in force."""
    return Actors(staff={f"{_USER}{card.user_id}": card for card in all_staff()})
