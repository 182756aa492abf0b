"""For machines, below no door: load balancers, container engines, Prometheus."""

from django.urls import path

from backend.monitoring import views

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", views.show_metrics, name="metrics"),
]
