"""Settings that point to servers on loopback, and certificates made for them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import LazySettings

from kizuna.connectors.channels.tests.cast import make_person, make_templates
from kizuna.connectors.mail.models import MailSettings
from kizuna.gates.seal import seal

Use = Callable[..., MailSettings]


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, settings: LazySettings) -> None:
    """Each test has an outbox of its own."""
    settings.HOME = tmp_path


@pytest.fixture
def person(db: None) -> int:
    """A customer, with the template to write to them."""
    make_templates()
    return make_person()


@pytest.fixture
def use(db: None) -> Use:
    """Keep mail settings; ``password`` and ``imap_password`` are sealed."""

    def keep(**fields: object) -> MailSettings:
        sealed = {
            f"{name}_sealed": seal(text=str(fields.pop(name)))
            for name in ("password", "imap_password")
            if name in fields
        }
        usual = {"sender_name": "絆商店", "sender_mail": "info@shop.example.jp", "security": "none"}
        MailSettings.objects.filter(pk=1).delete()
        return MailSettings.objects.create(pk=1, **(usual | sealed | fields))

    return keep


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 and localhost, and its key."""
    folder = tmp_path_factory.mktemp("certificate")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "certificate.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return folder / "certificate.pem", folder / "key.pem"
