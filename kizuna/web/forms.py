"""Forms in the look of the shell."""

from django.forms.renderers import TemplatesSetting


class ShellRenderer(TemplatesSetting):
    """Draws every form and field with the templates in ``templates/forms``."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
