# ruff: noqa: E402 - models can be imported only after django.setup()
"""A worker process that opens what is due, two letters to a batch, and halts before the fourth, to be killed there.

It says "here" and waits.
"""

import sys
import time
from itertools import islice

import django

django.setup()

from concerns.notices import writer
from notifications import expansion

expansion.BATCH = 2
whole = writer.letters_to_staff


def letters_until_halt(told, after):
    yield from islice(whole(told, after), 2)
    sys.stdout.write("here\n")
    sys.stdout.flush()
    time.sleep(60)


writer.letters_to_staff = letters_until_halt
expansion.expand_due()
