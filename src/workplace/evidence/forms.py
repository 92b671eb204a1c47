"""What people fill in around evidence."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from workplace.evidence.images import Rectangle
from workplace.evidence.redaction import MAX_RECTANGLES

_ROWS = 3  # for whoever types; drawing adds more


class RectangleForm(forms.Form):
    """One part of a picture to cover, in percent of its width and height. Empty rows are left."""

    left = forms.FloatField(label=_("from the left, %"), min_value=0, max_value=100)
    top = forms.FloatField(label=_("from the top, %"), min_value=0, max_value=100)
    width = forms.FloatField(label=_("wide, %"), min_value=0, max_value=100)
    height = forms.FloatField(label=_("high, %"), min_value=0, max_value=100)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if len(found) == len(self.fields):
            try:
                self.rectangle = Rectangle(
                    *(found[name] / 100 for name in ("left", "top", "width", "height"))
                )
            except ValueError as error:
                raise ValidationError(
                    _("This part lies outside the picture or covers nothing.")
                ) from error
        return found


RectangleFormSet = forms.formset_factory(
    RectangleForm, extra=_ROWS, max_num=MAX_RECTANGLES, absolute_max=MAX_RECTANGLES,
    validate_max=True,
)  # fmt: skip


class RemovalForm(forms.Form):
    """Why evidence is taken away."""

    reason = forms.CharField(label=_("Why it is removed"), max_length=500)
