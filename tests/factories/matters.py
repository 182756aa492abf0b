"""Categories, rules and circles of the invented city."""

import factory
from factory.django import DjangoModelFactory

from concerns.models import Asset, Category, Circle, CircleMember, RoutingRule


class CircleFactory(DjangoModelFactory):
    class Meta:
        model = Circle
        django_get_or_create = ("key",)

    key = "personnel"
    names = factory.LazyAttribute(lambda me: {"en": me.key.title(), "de": me.key.title()})


class CircleMemberFactory(DjangoModelFactory):
    class Meta:
        model = CircleMember


class AssetFactory(DjangoModelFactory):
    class Meta:
        model = Asset
        django_get_or_create = ("key",)

    asset_type = "lamp"
    lat, lon = 54.05, -0.95


class CategoryFactory(DjangoModelFactory):
    class Meta:
        model = Category
        django_get_or_create = ("slug",)
        skip_postgeneration_save = True

    slug = factory.Sequence(lambda n: f"category-{n}")
    names = factory.LazyAttribute(
        lambda me: {"en": me.slug.replace("-", " ").capitalize(), "de": me.slug.title()}
    )

    @factory.post_generation
    def path(self, create: bool, extracted: object, **kwargs: object) -> None:
        self.path = f"{self.parent.path if self.parent else '/'}{self.pk}/"
        self.save(update_fields=["path"])


class RoutingRuleFactory(DjangoModelFactory):
    class Meta:
        model = RoutingRule
        django_get_or_create = ("key",)

    key = factory.Sequence(lambda n: f"rule-{n}")
