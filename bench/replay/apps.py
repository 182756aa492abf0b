from django.apps import AppConfig


class ReplayConfig(AppConfig):
    """Without models: an app only so that its command is found where trials run."""

    name = "bench.replay"
    label = "replay"
