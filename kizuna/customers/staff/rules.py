"""Pure decisions about staff: the roles."""

from enum import StrEnum


class Role(StrEnum):
    """What a member of staff may do; the table ``web/access.py`` says it address by address."""

    OWNER = "owner"
    MANAGER = "manager"
    AGENT = "agent"
    STORE_STAFF = "store_staff"
    ANALYST = "analyst"


DEMO_LOGIN = "demo@yunoha.example.jp"
"""The invented company's owner: only where this login is may the clock be moved."""
