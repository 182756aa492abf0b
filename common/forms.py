"""Every form of the house in KERN's markup, whatever widgets it uses.

Nothing has to be asked for: `FORM_RENDERER` names `KernRenderer`, so `{{ field.as_field_group }}` draws a label with
its optional mark, the hint, the control and the error, tied together for screen readers.
`{% include "kern/error_summary.html" %}` lists a form's errors with links to the fields.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import DjangoTemplates
from django.forms.widgets import ChoiceWidget, Widget
from django.utils.datastructures import MultiValueDict

INPUT = "kern-form-input__input"
SELECT = "kern-form-input__select"
CHECKBOX = "kern-form-check__checkbox"
RADIO = "kern-form-check__radio"

FIELD_TEMPLATES = {
    INPUT: "kern/field_input.html",
    SELECT: "kern/field_select.html",
    CHECKBOX: "kern/field_check.html",
}
GROUP_TEMPLATE = "kern/field_group.html"
_typed: ContextVar[MultiValueDict[str, str] | None] = ContextVar("typed", default=None)


@contextmanager
def filled_with(typed: MultiValueDict[str, str] | None) -> Iterator[None]:
    """Let every empty form drawn inside the block show what a person had typed into it before; None changes nothing."""
    token = _typed.set(typed)
    try:
        yield
    finally:
        _typed.reset(token)


def kern_class(widget: Widget) -> str:
    """The class KERN gives the widget's own element."""
    # Django derives the group of checkboxes from the group of radios, so it is asked first.
    if isinstance(widget, forms.CheckboxInput | forms.CheckboxSelectMultiple):
        return CHECKBOX
    if isinstance(widget, forms.RadioSelect):
        return RADIO
    if isinstance(widget, forms.Select) and not widget.allow_multiple_selected:
        return SELECT
    return INPUT


class DateInput(forms.DateInput):
    """The browser's own date picker. It takes and gives ISO dates only, so they are never localised."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class WordsField(forms.CharField):
    """Words as a person typed them, byte for byte; `check` raises ValidationError for what cannot be taken.

    The control has no maximum length: a browser would cut pasted words off without a word. Text that nobody can see
    counts as none.
    """

    widget = forms.Textarea

    def __init__(self, *, check: Callable[[str], None], **kwargs: Any) -> None:
        super().__init__(strip=False, **kwargs)
        self.validators = [check]

    def to_python(self, value: object) -> str:
        text = str(super().to_python(value))
        return text if text.strip() else ""


class KernBoundField(BoundField):
    """A field that knows how KERN draws it."""

    def value(self) -> Any:  # noqa: ANN401 - whatever the control takes
        """What stands in the control; what was typed before goes before what the page would suggest."""
        typed = _typed.get()
        if typed is None or self.form.is_bound:
            return super().value()
        if not any(self.form.add_prefix(name) in typed for name in self.form.fields):
            return super().value()
        said = self.field.widget.value_from_datadict(typed, MultiValueDict(), self.html_name)
        return self.field.prepare_value(said)

    @property
    def kern_template(self) -> str:
        """The template that draws the field as KERN draws its kind of control."""
        if self.use_fieldset:
            return GROUP_TEMPLATE
        return FIELD_TEMPLATES[kern_class(self.field.widget)]

    @property
    def is_radio(self) -> bool:
        return kern_class(self.field.widget) == RADIO

    @property
    def has_choices(self) -> bool:
        """Whether the group is one of checkboxes or radios, and not several inputs that make one value."""
        return isinstance(self.field.widget, ChoiceWidget)

    @property
    def error_target(self) -> str:
        """The id an error summary links to: for a group its first choice, because a fieldset takes no focus."""
        if self.use_fieldset and self.subwidgets:
            return str(self.subwidgets[0].id_for_label or self.auto_id)
        return self.id_for_label or self.auto_id

    def build_widget_attrs(
        self, attrs: dict[str, Any], widget: Widget | None = None
    ) -> dict[str, Any]:
        built = super().build_widget_attrs(attrs, widget)
        drawn = widget or self.field.widget
        if drawn.is_hidden:
            return built
        kern = kern_class(drawn)
        classes = [drawn.attrs.get("class", ""), kern, f"{kern}--error" if self.errors else ""]
        built["class"] = " ".join(filter(None, classes))
        if self.use_fieldset:
            # ARIA knows an invalid radio group, not an invalid radio: the fieldset says it.
            built.pop("aria-invalid", None)
        return built


class KernRenderer(DjangoTemplates):
    form_template_name = "kern/form.html"
    field_template_name = "kern/field.html"
    bound_field_class = KernBoundField
