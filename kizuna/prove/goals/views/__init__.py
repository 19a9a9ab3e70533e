"""The pages of the goals."""

from kizuna.prove.goals.views.pages import close, detail, edit, export, goal_list, new, reopen

__all__ = ["close", "detail", "edit", "export", "goal_list", "new", "reopen"]
