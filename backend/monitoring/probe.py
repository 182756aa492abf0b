"""`python -m backend.monitoring.probe`: does the web server of this container answer? For health checks."""

import http.client
import os
import sys

PORT = 8000
SECONDS = 4
WELL = 200


def answers(port: int = PORT) -> bool:
    """Whether /healthz says it is well, asked under a host name that the settings allow."""
    host = os.environ.get("ALLOWED_HOSTS", "").partition(",")[0].strip() or "localhost"
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    try:
        line.request("GET", "/healthz", headers={"Host": host})
        return line.getresponse().status == WELL
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()


if __name__ == "__main__":
    sys.exit(0 if answers() else 1)
