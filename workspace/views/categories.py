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
from workspace.forms.categories import CategoryAdjustForm
from workspace.views.members import administered

INVALID = 422


@require_GET
@for_staff
def show(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All categories as a tree; those of departments this person administers can be opened."""
    context = {"categories": category_tree(), "mine": administered(actor)}
    return page(request, actor, "workspace/categories.html", context, current="categories")


@require_http_methods(["GET", "POST"])
@for_staff
def one(request: HttpRequest, actor: Actor, slug: str) -> HttpResponse:
    administered(actor)
    category = category_with_slug(slug)
    known = {
        "department_id": category.default_department_id,
        "first_response_days": category.first_response_days,
        "resolution_days": category.resolution_days,
        "needs_approval": category.needs_approval,
        "offered": not category.retired,
    }
    form = CategoryAdjustForm(request.POST or None, actor=actor, initial=known)
    if request.method == "POST" and form.is_valid():
        try:
            adjust_category(actor=actor, slug=slug, **form.cleaned_data)
        except DomainError as refusal:
            field = refusal.field if refusal.field in form.fields else None
            form.add_error(field, str(refusal.message))
        else:
            messages.success(request, _("The category has been changed."))
            return redirect("workspace:categories")
    status = INVALID if form.errors else 200
    context = {"form": form, "category": category}
    return page(request, actor, "workspace/category.html", context, status=status)
