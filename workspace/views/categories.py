"""The city's categories, for administrators."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from common.actor import Actor
from concerns.actions.categories import adjust_category
from concerns.errors import DomainError
from concerns.queries.categories import category_tree, category_with_slug
from workspace.desk import for_staff, page
from workspace.forms.categories import CategoryAdjustForm, said_of
from workspace.presenting.targets import owed
from workspace.views.members import administered

INVALID = 422


@require_GET
@for_staff
def show(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All categories as a tree; those of departments this person administers can be opened."""
    rows = [{"category": one, **owed(one)} for one in category_tree()]
    context = {"rows": rows, "mine": administered(actor)}
    return page(request, actor, "workspace/categories.html", context, current="categories")


@require_http_methods(["GET", "POST"])
@for_staff
def one(request: HttpRequest, actor: Actor, slug: str) -> HttpResponse:
    administered(actor)
    category = category_with_slug(slug)
    form = CategoryAdjustForm(request.POST or None, actor=actor, initial=said_of(category))
    if request.method == "POST" and form.is_valid():
        try:
            adjust_category(actor=actor, slug=slug, **form.cleaned_data)
        except DomainError as refusal:
            named = {"first_response": "first_response_amount", "resolution": "resolution_amount"}
            field = named.get(refusal.field, refusal.field)
            form.add_error(field, str(refusal.message))
        else:
            messages.success(request, _("The category has been changed."))
            return redirect("workspace:categories")
    status = INVALID if form.errors else 200
    context = {"form": form, "category": category}
    return page(request, actor, "workspace/category.html", context, status=status)
