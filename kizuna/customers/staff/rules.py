"""Pure decisions about staff: the roles."""

from enum import StrEnum


class Role(StrEnum):
    """What a member of staff may do; the table ``web/access.py`` says it address by address."""

    OWNER = "owner"
    MANAGER = "manager"
    AGENT = "agent"
    STORE_STAFF = "store_staff"
    ANALYST = "analyst"


COMPARING = frozenset({Role.OWNER, Role.MANAGER, Role.ANALYST})
"""Who may know whom a lot leaves untouched. Whoever serves customers may not: they would be tempted to make up for it,
and the comparison would show a practice weaker than it is. No page names a customer of a comparison group to others."""


DEMO_LOGIN = "demo@yunoha.example.jp"
"""The invented company's owner: only where this login is may the clock be moved."""
