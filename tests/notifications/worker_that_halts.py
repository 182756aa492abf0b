# ruff: noqa: E402 - models can be imported only after django.setup()
"""A worker process that delivers what is due and halts beside the sending, to be killed there.

`python worker_that_halts.py <topic> before|after`: it says "here" and waits.
"""

import sys
import time

import django

django.setup()

from notifications import delivery
from notifications.channels import register_channel
from notifications.channels.email import EmailChannel, EmailSession
from notifications.writers import register_writer

_, TOPIC, MOMENT = sys.argv


class Plain:
    def fill(self, recipient, text):
        return text


def halt():
    sys.stdout.write("here\n")
    sys.stdout.flush()
    time.sleep(60)


class HaltingSession(EmailSession):
    def send(self, parcel):
        if MOMENT == "before":
            halt()
        note = super().send(parcel)
        halt()
        return note


class HaltingChannel(EmailChannel):
    def session(self):
        return HaltingSession()


register_writer(TOPIC, Plain())
register_channel("email", HaltingChannel())
delivery.deliver_due()
