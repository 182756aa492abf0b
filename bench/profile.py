"""`python -m bench.profile WORD`: where the time of one line goes, in this process, without a web server between."""

import argparse
import cProfile
import io
import os
import pstats
import sys
import time
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from bench import environment
from bench.load import Message
from bench.servers import HOST

WARM_UP = 20


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.profile", description=__doc__)
    parser.add_argument("line", help="part of the line's name")
    parser.add_argument("--count", type=int, default=200, help="how many requests")
    parser.add_argument("--rows", type=int, default=45, help="how many functions are listed")
    parser.add_argument("--sort", default="tottime", help="as pstats sorts: tottime, cumtime …")
    wish = parser.parse_args()
    folder = Path(os.environ["VAR"]).resolve()
    environment.set_up(folder)
    from django.conf import settings  # noqa: PLC0415 - needs settings
    from django.core.wsgi import get_wsgi_application  # noqa: PLC0415

    from bench import lines, stage  # noqa: PLC0415
    from bench.servers import cpu_seconds, database_processes  # noqa: PLC0415

    settings.ALLOWED_HOSTS = ["*"]
    population = stage.population_of(0, folder / "population.json")
    line = next(one for one in lines.lines(stage.new_key(), population) if wish.line in one.name)
    asked = (line.load(1).messages * (2 * wish.count + WARM_UP)) if line.supply is None else None
    messages = iter(asked or line.load(2 * wish.count + WARM_UP).messages)
    application = get_wsgi_application()
    send(application, (next(messages) for _n in range(WARM_UP)))
    database = database_processes()
    began = time.process_time(), cpu_seconds(database)
    send(application, (next(messages) for _n in range(wish.count)))
    ended = time.process_time(), cpu_seconds(database)
    here, there = (
        1000 * (end - begin) / wish.count for begin, end in zip(began, ended, strict=True)
    )
    profile = cProfile.Profile()
    profile.runcall(send, application, (next(messages) for _n in range(wish.count)))
    text = io.StringIO()
    pstats.Stats(profile, stream=text).sort_stats(wish.sort).print_stats(wish.rows)
    used = f"{here:.2f} here, {there:.2f} in PostgreSQL"
    sys.stdout.write(f"{text.getvalue()}\n{line.name}: CPU ms a request, not profiled: {used}\n")


def send(application, messages: Iterable[Message]) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001 - a WSGI application
    for message in messages:
        path, _mark, query = message.path.partition("?")
        headers = {
            f"HTTP_{name.upper().replace('-', '_')}": value for name, value in message.headers
        }
        environ = {
            "REQUEST_METHOD": message.method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "CONTENT_TYPE": headers.pop("HTTP_CONTENT_TYPE", ""),
            "CONTENT_LENGTH": str(len(message.body)),
            "SERVER_NAME": HOST,
            "SERVER_PORT": "443",
            "REMOTE_ADDR": HOST,
            "wsgi.url_scheme": "https",
            "wsgi.input": io.BytesIO(message.body),
            "wsgi.errors": sys.stderr,
            **headers,
        }
        answer = application(environ, partial(refuse_refusals, message.path))
        list(answer)
        answer.close()


def refuse_refusals(path: str, status: str, _headers: object) -> None:
    if not status.startswith("2"):
        raise RuntimeError(f"{path}: {status}")


if __name__ == "__main__":
    main()
