#!/usr/bin/python3
"""Drives the review page in a real browser: `review.py PROGRAM SCENARIO`.

PROGRAM is the built `quench`, with `quench-review` beside it. Exit code 0 where the scenario held, else what failed is said.
QUENCH_PICTURES names a folder for screenshots, to be looked at.
"""
import os
import signal
import sys

from attacks import attacks
from cine import cine
from four_eyes import four_eyes
from keyboard import keyboard
from leaving import leaving
from looks import looks
from place import PICTURES
from refused import refused
from rejecting import rejecting
from signing_in import signing_in
from webdriver import WebDriverError

SCENARIOS = {"signing-in": signing_in, "cine": cine, "rejecting": rejecting, "keyboard": keyboard,
             "leaving": leaving, "four-eyes": four_eyes, "refused": refused, "attacks": attacks, "looks": looks}


def main():
    if len(sys.argv) != 3 or sys.argv[2] not in SCENARIOS:
        sys.exit(__doc__)
    if PICTURES:
        os.makedirs(PICTURES, exist_ok=True)
    # A test runner's threads block signals, and what they start inherits that; the driver and the page end by signals.
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    try:
        SCENARIOS[sys.argv[2]](os.path.abspath(sys.argv[1]))
    except (AssertionError, WebDriverError) as problem:
        sys.exit(f"{sys.argv[2]}: {problem}")


if __name__ == "__main__":
    main()
