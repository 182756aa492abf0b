"""Under make, as `make run` starts us: whoever signals make means us."""

import signal
import sys

import pytest

pytestmark = pytest.mark.runtime


@pytest.mark.parametrize(
    "signum",
    [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL],
    ids=lambda one: one.name,
)
def test_signal_to_make_alone_ends_everything(new_trial, var, tmp_path, signum):
    makefile = tmp_path / "Makefile"
    makefile.write_text(f"servers:\n\t@exec '{sys.executable}' -m backend.runtime servers\n")
    trial = new_trial(var).start_command(["make", "-f", str(makefile), "servers"]).ready()
    assert trial.state.supervisor.pid != trial.process.pid

    trial.process.send_signal(signum)

    assert trial.process.wait(20) != 0
    assert trial.left_after(20) == []
