"""Twenty seeded strings, through every way in: after the erasure none is left and no metric has moved."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pyarrow.parquet as pq
import pytest
from psycopg import sql

SECRETS = {
    "account": "W-SECRET01",
    "mail": "secret02@example.jp",
    "phone": "090-3333-4403",
    "family": "秘密姓04",
    "given": "秘密名05",
    "family_kana": "ヒミツロクロク",
    "given_kana": "ヒミツナナナナ",
    "company": "秘密会社08",
    "address": "秘密町9-9-09",
    "card": "CARDSECRET10",
    "memo": "秘密備考11",
    "tracking": "TRACKSECRET12",
    "engraving": "秘密刻印13",
    "broken": "broken-secret14@example.jp",
    "answer": "秘密感想15",
    "title": "秘密題名16",
    "review": "秘密本文17",
    "note": "秘密メモ18",
    "edited": "秘密追記19",
    "proof": "秘密根拠20",
}

CUSTOMERS = """\
customer,email,phone,family_name,given_name,family_kana,given_kana,company,address,card_no,accepts_mail,note
{account},{mail},{phone},{family},{given},{family_kana},{given_kana},{company},{address},{card},はい,{memo}
W-2,other@example.jp,03-1111-2222,山田,太郎,ヤマダ,タロウ,,,,,
"""
ORDERS = """\
order_id,ordered_at,customer,email,name,store,sku,variant,quantity,unit_price_yen,promised_at,delivered_at,tracking_no
O-1,2026-01-05 10:00,{account},{mail},{family}{given},web,TEA-1,{engraving},2,1200,2026-01-08,2026-01-09,{tracking}
O-2,2026-02-05 10:00,{account},{mail},{family}{given},web,TEA-1,,1,1200,2026-02-08,2026-02-07,
O-3,2026-02-05 10:00,W-2,other@example.jp,山田太郎,web,TEA-1,,1,1200,2026-02-08,2026-02-07,
,not a date,{account},{broken},,web,TEA-1,,x,1200,,,
"""
ANSWERS = """answer_id,customer,instrument,score,answered_at,touchpoint,channel,store,comment
A-1,{account},nps,3,2026-02-10 10:00,delivery,mail,web,{answer}
A-2,W-2,nps,9,2026-02-10 10:00,delivery,mail,web,よい
"""
REVIEWS = """review_id,customer,rating,posted_at,title,comment,store,product
R-1,{account},2,2026-02-11 10:00,{title},{review},web,TEA-1
"""
BY_HAND = """
import os, sys, django
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kizuna.web.settings")
django.setup()
from datetime import UTC, datetime
from kizuna.customers.consent.operations import record_consent
from kizuna.customers.consent.rules import Proof
from kizuna.customers.notes.operations import edit_note, take_note
from kizuna.customers.people.queries import find_people
mail, note, edited, proof = sys.argv[1:]
(root,) = find_people(text=mail)
now = datetime.now(tz=UTC)
taken = take_note(person_id=root, text=note, kind="till", store="web", author_id=None, now=now)
edit_note(note_id=taken, text=edited, kind="till", editor_id=None, now=now)
record_consent(person_id=root, channel="mail", purpose="marketing", granted=True,
               proof=Proof(text=proof, ip="192.0.2.7"), actor="customer", now=now)
"""
METRICS = ("nps", "repeat_rate", "sales", "average_order_value", "delivery_promise_kept", "review_score")


def _own_database(*, name: str) -> str:
    """SQLite in the home folder, or one more database of the server the tests run on."""
    url = os.environ.get("KIZUNA_DATABASE", "sqlite")
    if url == "sqlite":
        return url
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return urlsplit(url)._replace(path=f"/{name}").geturl()


def _pg_dump() -> str:
    return shutil.which("pg_dump") or str(max(Path("/usr/lib/postgresql").glob("*/bin/pg_dump")))


class Shop:
    """A home folder of its own, used only through the commands a shop would run."""

    def __init__(self, *, folder: Path) -> None:
        self.folder = folder
        self.home = folder / "home"
        self.database = _own_database(name=f"shop_{uuid4().hex[:12]}")
        self.environment = {**os.environ, "KIZUNA_HOME": str(self.home), "KIZUNA_DATABASE": self.database}

    def run(self, *arguments: str) -> str:
        command = [sys.executable, "-m", "kizuna.cli.main", *arguments]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def by_hand(self, *arguments: str) -> None:
        subprocess.run([sys.executable, "-c", BY_HAND, *arguments], env=self.environment, check=True)

    def bring(self, *, name: str, text: str) -> dict[str, object]:
        path = self.folder / name
        path.write_text(text.format(**SECRETS), encoding="utf-8")
        return dict(json.loads(self.run("import", str(path), "--json")))

    def numbers(self) -> list[object]:
        self.run("lake", "verify")
        results = [one for name in METRICS for one in json.loads(self.run("metric", name, "--json"))]
        for one in results:
            one.pop("as_of", None)
        return results

    def everything_kept(self) -> bytes:
        """The bytes of every file of the home folder, Parquet unpacked; on PostgreSQL a full dump as well."""
        parts = []
        for path in sorted(self.home.rglob("*")):
            if path.is_file():
                parts.append(str(path).encode())
                parts.append(path.read_bytes())
                if path.suffix == ".parquet":
                    parts.append(str(pq.read_table(path).to_pylist()).encode())
        if self.database != "sqlite":
            parts.append(subprocess.run([_pg_dump(), self.database], capture_output=True, check=True).stdout)
        return b"\n".join(parts)

    def left(self) -> list[str]:
        kept = self.everything_kept()
        spellings = {name: {text, text.lower(), text.replace("-", "")} for name, text in SECRETS.items()}
        spellings["phone"].add("+819033334403")
        return [name for name, texts in spellings.items() if any(text.encode() in kept for text in texts)]


@pytest.mark.slow
def test_twenty_strings_are_nowhere_and_no_number_moves(tmp_path: Path) -> None:
    shop = Shop(folder=tmp_path)
    imported = [
        shop.bring(name=name, text=text)
        for name, text in {
            "customers.csv": CUSTOMERS,
            "orders.csv": ORDERS,
            "answers.csv": ANSWERS,
            "reviews.csv": REVIEWS,
        }.items()
    ]
    assert [one["errored"] for one in imported] == [0, 1, 0, 0]
    # A second version of the customer list leaves an earlier content behind that must go as well.
    shop.bring(name="moved.csv", text=CUSTOMERS.replace("{address}", "{address}の新居"))
    shop.by_hand(*(SECRETS[name] for name in ("mail", "note", "edited", "proof")))
    before = shop.numbers()
    exported = shop.run("export-person", SECRETS["mail"])
    told = {name for name, text in SECRETS.items() if text in exported}
    assert told == SECRETS.keys() - {"broken"}  # a row that could not be imported belongs to nobody
    assert set(shop.left()) == SECRETS.keys()

    shop.run("erase-person", SECRETS["mail"], "--yes")

    assert shop.left() == []
    assert shop.numbers() == before
    assert shop.left() == []
    for name, text in {"customers.csv": CUSTOMERS, "orders.csv": ORDERS, "answers.csv": ANSWERS}.items():
        assert shop.bring(name=name, text=text)["imported"] == 0
    assert set(shop.left()) == {"account", "broken"}  # the broken row's own error file, until it expires


@pytest.mark.slow
def test_erasing_asks_first_and_exports_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    shop = Shop(folder=tmp_path)
    shop.bring(name="customers.csv", text=CUSTOMERS)
    command = [sys.executable, "-m", "kizuna.cli.main", "erase-person", SECRETS["mail"]]
    refused = subprocess.run(
        command, env=shop.environment, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    assert refused.returncode == 2
    assert "--yes" in refused.stderr
    shop.run("export-person", SECRETS["mail"], "--out", str(tmp_path / "person.json"))
    assert (tmp_path / "person.json").stat().st_mode & 0o777 == 0o600
    assert json.loads((tmp_path / "person.json").read_text())["顧客記録"][0]["姓"] == SECRETS["family"]
