"""What people fill in when they decide."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ReasonForm(forms.Form):
    """Why a return is given back as a whole."""

    reason = forms.CharField(
        label=_("What is to be mended"), max_length=500, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("May stay empty where remarks at fields say it all."),
    )  # fmt: skip


class UnlockForm(forms.Form):
    """Why an accepted return is opened again."""

    reason = forms.CharField(
        label=_("Why it is opened again"), max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


class ReplyForm(forms.Form):
    """Why a field stays as it is."""

    text = forms.CharField(label=_("Why it is right as it is"), max_length=500)
