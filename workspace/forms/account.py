"""What people choose for themselves."""

from django import forms
from django.conf import settings
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from accounts.enums import NoticeChoice


class AccountForm(forms.Form):
    language = forms.ChoiceField(
        label=_("Language"), help_text=_("Of these pages and of the e-mails we send you.")
    )
    notices = forms.TypedChoiceField(
        label=_("How do you want to hear of new tickets, assignments and answers?"),
        choices=NoticeChoice.choices,
        coerce=NoticeChoice,
        widget=forms.RadioSelect,
        help_text=_(
            "Alarms, such as a deadline that has passed, always come at once, whatever you choose here."
        ),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type] # handed on as they came
        language = self.fields["language"]
        if isinstance(language, forms.ChoiceField):
            language.choices = [
                (code, get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES
            ]
