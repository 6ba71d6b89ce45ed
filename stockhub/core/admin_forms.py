"""Forms of pages of our own, in Unfold's looks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.text import capfirst
from unfold import widgets

_LOOKS: dict[type[forms.Widget], type[forms.Widget]] = {
    forms.TextInput: widgets.UnfoldAdminTextInputWidget,
    forms.EmailInput: widgets.UnfoldAdminEmailInputWidget,
    forms.URLInput: widgets.UnfoldAdminURLInputWidget,
    forms.NumberInput: widgets.UnfoldAdminIntegerFieldWidget,
    forms.Textarea: widgets.UnfoldAdminTextareaWidget,
    forms.Select: widgets.UnfoldAdminSelectWidget,
    forms.CheckboxInput: widgets.UnfoldBooleanSwitchWidget,
    forms.PasswordInput: widgets.UnfoldAdminPasswordWidget,
    forms.SplitDateTimeWidget: widgets.UnfoldAdminSplitDateTimeWidget,
    forms.DateInput: widgets.UnfoldAdminSingleDateWidget,
}


def dress(form: forms.BaseForm) -> None:
    """Swaps plain widgets for Unfold's, keeping their attributes and choices."""
    for field in form.fields.values():
        look = _LOOKS.get(type(field.widget))
        if look is None:
            continue
        old = field.widget
        # A secret that was typed and refused is not sent back to the page.
        field.widget = look(attrs=old.attrs)
        field.widget.is_required = old.is_required
        if isinstance(old, forms.Select):
            cast("forms.Select", field.widget).choices = old.choices


class PlainForm(forms.Form):
    """A form whose fields look as those of the model pages do."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's signature
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.label = capfirst(field.label or "")
        dress(self)

    def set_choices(self, name: str, choices: Sequence[tuple[Any, Any]]) -> None:
        """Choices that are known only when the page is drawn."""
        cast("forms.ChoiceField", self.fields[name]).choices = choices
