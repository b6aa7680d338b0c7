"""The demo itself: with a user, under each version, and messages in whatever order they come."""

import os
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from tests.broker.conftest import MakeBroker
from tests.broker.server import find_program, started_brokers
from tests.brokers.brokers import ROOT
from tests.support.waiting import DEADLINE_S

DEMO = ROOT / "examples" / "demo.py"
LATE_FIRST = "print('late'); print('early'); print('late')"


@pytest.mark.parametrize("protocol", [4, 5])
def test_the_examples_take_a_user_and_a_version(tmp_path: Path, protocol: int) -> None:
    file = tmp_path / "passwords"
    command = (find_program("mosquitto_passwd"), "-b", "-c", str(file), "toy", "secret")
    subprocess.run(command, check=True)
    with started_brokers(tmp_path) as start:
        make: MakeBroker = start
        broker = make("allow_anonymous false", f"password_file {file}")
        options = ["--build-dir", os.environ["MQBIND_BUILD_DIR"], "--port", str(broker.port)]
        options += ["--protocol", str(protocol), "--username", "toy", "--password", "secret"]
        demo = [sys.executable, str(DEMO), *options, "folotoy"]
        done = subprocess.run(demo, capture_output=True, text=True, timeout=DEADLINE_S)
        assert done.returncode == 0, f"{done.stdout}{done.stderr}"
        level = {4: "p2", 5: "p5"}[protocol]
        assert f"as folotoy-toy ({level}, c1, k60, u'toy')" in broker.log()


def test_the_demo_expects_no_order() -> None:
    spec = spec_from_file_location("demo", DEMO)
    assert spec and spec.loader
    demo = module_from_spec(spec)
    sys.modules["demo"] = demo  # Where its data classes look.
    spec.loader.exec_module(demo)
    program = demo.Program("talker", [sys.executable, "-c", LATE_FIRST], silent=True)
    program.wait_for("early")
    program.wait_for("late")
    program.wait_for("late")
    with pytest.raises(SystemExit):
        program.wait_for("late")
    program.wait()
