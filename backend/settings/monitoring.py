"""Who may read /metrics and the details of /readyz: whoever sends `Authorization: Bearer <METRICS_TOKEN>`."""

from backend.settings import env

# Empty: /metrics is not there for anybody.
METRICS_TOKEN = env.text("METRICS_TOKEN", "")
