"""Opening a door: tried once, dropped when late, never for who goes out, never after a restart."""

import contextlib
import json
import os
import pty
import socket
import threading
import time
import tty
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from faceaccess.codes import Direction, JournalKind, OpeningKind, Outcome, Reason
from faceaccess.door import opening as opening_module
from faceaccess.door.opening import VALID_S, DoorOutput, try_opening
from faceaccess.errors import OutputError, SettingsError
from faceaccess.settings import Opening
from faceaccess.store.access.types import Actor
from faceaccess.store.journal.journal import Journal
from tests.broker import Broker, free_port
from tests.receiver import Receiver
from tests.store.builders import make_entry
from tests.store.conftest import *  # noqa: F403 - the data folder's fixtures
from tests.waiting import wait_for

OPERATOR = Actor("olga")


class Gate:
    """A door with an output, entries by hand, and what became of them."""

    def __init__(self, journal: Journal, opening: Opening):
        self.journal, self.errors, self.failed = journal, [], []
        self.output = DoorOutput(journal, lambda _: opening, self.errors.append, self.failed.append)
        self.output.start()

    def enter(self, outcome=Outcome.ACCEPTED, **changes):
        values = {"door": "Gate", "at": datetime.now(UTC)} | changes
        event = self.journal.append(replace(make_entry(None, outcome=outcome), **values), None)
        self.output.order(event)
        return event

    @property
    def results(self):
        rows = reversed(self.journal.rows.newest((JournalKind.DOOR_OPENING,)))
        return [(row.details["entry"], row.details["result"]) for row in rows]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.output.stop()


def http(address):
    return Opening(kind=OpeningKind.HTTP, address=address, secret="a secret of the door's")


def test_who_is_let_in_opens_the_door_and_that_is_journalled(journal):
    with Receiver() as receiver, Gate(journal, http(receiver.address)) as gate:
        event = gate.enter()
        wait_for(lambda: gate.results == [(event.seq, "opened")])
    ((key, headers, body),) = receiver.requests
    assert (key, json.loads(body)["door"]) == (f"open-{event.seq}", "Gate")
    assert headers["X-FaceAccess-Signature"].startswith("sha256=")
    assert "valid_until" in json.loads(body)


def test_nothing_opens_for_anybody_else_or_on_the_way_out_or_from_a_recording(journal):
    with Receiver() as receiver, Gate(journal, http(receiver.address)) as gate:
        for outcome in set(Outcome) - {Outcome.ACCEPTED}:
            gate.enter(outcome)
        gate.enter(direction=Direction.OUT)
        gate.enter(is_recording=True)
        last = gate.enter()
        wait_for(lambda: gate.results == [(last.seq, "opened")])
    assert len(receiver.requests) == 1


@pytest.mark.parametrize("mode", ["500", "404", "cut"])
def test_a_failed_opening_is_said_and_not_tried_again(journal, mode):
    with Receiver() as receiver, Gate(journal, http(receiver.address)) as gate:
        receiver.mode = mode
        event = gate.enter()
        wait_for(lambda: gate.results == [(event.seq, "failed")])
        receiver.mode = "ok"
        threading.Event().wait(0.2)
    assert len(receiver.requests) == 1
    assert len(gate.errors) == 1


def test_an_order_that_waited_too_long_is_dropped(journal, monkeypatch):
    """Behind a slow one: whoever it was for has gone, and somebody else may stand there."""
    monkeypatch.setattr(opening_module, "VALID_S", 0.3)
    with Receiver() as receiver, Gate(journal, http(receiver.address)) as gate:
        receiver.mode = "slow"
        first = gate.enter()
        second = gate.enter(at=datetime.now(UTC) - timedelta(seconds=0.2))
        wait_for(lambda: len(gate.results) == 2)
    assert gate.results == [(first.seq, "failed"), (second.seq, "failed")]
    assert len(receiver.requests) == 1
    assert "took too long" in gate.errors[1].message
    assert gate.failed == [first, second]


def test_an_order_is_valid_from_the_entry_on(journal):
    """It was valid for three seconds from its sending, however old the entry was by then."""
    with Receiver() as receiver, Gate(journal, http(receiver.address)) as gate:
        at = datetime.now(UTC) - timedelta(seconds=1)
        gate.enter(at=at)
        gate.enter(at=at - timedelta(seconds=3))
        gate.enter(at=at - timedelta(seconds=25), reason=Reason.CONFIRMED)
        gate.enter(at=datetime.now(UTC) + timedelta(hours=1))
        wait_for(lambda: len(gate.results) == 4)
    assert [result for _, result in gate.results] == ["opened", "failed", "opened", "opened"]
    until = [datetime.fromisoformat(json.loads(body)["valid_until"]) for _, _, body in receiver.requests]
    assert abs((until[0] - at).total_seconds() - VALID_S) < 0.01
    for other in until[1:]:
        assert 0 < (other - datetime.now(UTC)).total_seconds() <= VALID_S


def test_a_receiver_that_drips_is_not_waited_for(journal):
    """Each byte began the wait anew: an opening of three seconds could last for ever."""
    with Dripping() as receiver, Gate(journal, http(receiver.address)) as gate:
        started_s = time.monotonic()
        event = gate.enter()
        wait_for(lambda: gate.results == [(event.seq, "failed")])
        assert time.monotonic() - started_s < VALID_S + 2
        assert receiver.requests == 1


class Doors:
    """Several doors with one output."""

    def __init__(self, journal, openings):
        self.gate = Gate(journal, Opening())
        self.gate.output._parts = (journal, openings.__getitem__, self.gate.errors.append, lambda _: None)
        self.openings = openings


def test_a_door_that_hangs_holds_up_no_other(journal):
    """One thread carried out all orders: a relay's pulse of 30 s, or a hanging server, closed all doors."""
    port = Port()
    relay = Opening(kind=OpeningKind.SERIAL, address=port.name, pulse_s=30)
    with Receiver() as hanging, Receiver() as receiver:
        hanging.mode = "slow"
        openings = {"Hall": http(hanging.address), "Yard": relay, "Gate": http(receiver.address)}
        with Doors(journal, openings).gate as gate:
            gate.enter(door="Hall")
            gate.enter(door="Yard")
            assert port.read(4) == bytes.fromhex("A00101A2")
            event = gate.enter(door="Gate")
            wait_for(lambda: receiver.requests)
            wait_for(lambda: (event.seq, "opened") in gate.results)
            assert len(gate.results) == 1
            started_s = time.monotonic()
        # Stopping switches the relay off; it doesn't wait half a minute.
        assert time.monotonic() - started_s < 10
        assert port.read(4) == bytes.fromhex("A00100A1")
    port.close()


def test_who_comes_while_the_relay_is_on_finds_the_door_open(journal, monkeypatch):
    monkeypatch.setattr(opening_module, "VALID_S", 0.2)
    port = Port()
    with Gate(journal, Opening(kind=OpeningKind.SERIAL, address=port.name, pulse_s=0.6)) as gate:
        gate.enter()
        assert port.read(4) == bytes.fromhex("A00101A2")
        gate.enter()
        wait_for(lambda: len(gate.results) == 2)
    assert [result for _, result in gate.results] == ["opened", "opened"]
    assert port.read(4) == bytes.fromhex("A00100A1")
    port.close()


def test_a_restart_opens_nothing(journal):
    with Receiver() as receiver:
        dead = Gate(journal, http(f"http://127.0.0.1:{free_port()}/"))
        dead.enter()
        wait_for(lambda: dead.results)
        dead.output.stop()
        with Gate(journal, http(receiver.address)) as gate:
            event = gate.enter()
            wait_for(lambda: (event.seq, "opened") in gate.results)
        assert [key for key, _, _ in receiver.requests] == [f"open-{event.seq}"]


class Dripping:
    """Takes an order and answers with a byte now and then, for ever."""

    def __init__(self):
        self.requests, self._stopping = 0, threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}/"
        self._thread = threading.Thread(target=self._serve)

    def _serve(self):
        connection, _ = self._listener.accept()
        with connection, contextlib.suppress(OSError):
            connection.recv(65536)
            self.requests += 1
            connection.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
            while not self._stopping.wait(0.1):
                connection.sendall(b"x")

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._stopping.set()
        self._listener.close()
        self._thread.join()


class Port:
    """A serial port: the other end of a pseudo-terminal."""

    def __init__(self):
        self.master, slave = pty.openpty()
        tty.setraw(self.master)
        tty.setraw(slave)
        self.name, self._slave = os.ttyname(slave), slave

    def read(self, count):
        data = b""
        while len(data) < count:
            data += os.read(self.master, count - len(data))
        return data

    def close(self):
        os.close(self._slave)
        os.close(self.master)


def test_a_relay_is_switched_on_and_off_again(journal):
    port = Port()
    relay = Opening(kind=OpeningKind.SERIAL, address=port.name, pulse_s=0.2)
    with Gate(journal, relay) as gate:
        event = gate.enter()
        assert port.read(4) == bytes.fromhex("A00101A2")
        started_s = time.monotonic()
        assert port.read(4) == bytes.fromhex("A00100A1")
        assert time.monotonic() - started_s > 0.1
        wait_for(lambda: gate.results == [(event.seq, "opened")])
    port.close()


def test_an_unplugged_relay_is_said(journal):
    with Gate(journal, Opening(kind=OpeningKind.SERIAL, address="/dev/ttyNone")) as gate:
        event = gate.enter()
        wait_for(lambda: gate.results == [(event.seq, "failed")])
    assert "/dev/ttyNone" in gate.errors[0].message
    assert "cable" in gate.errors[0].hint


def test_by_mqtt_nothing_is_kept_for_later(journal, tmp_path):
    with Broker(tmp_path) as broker:
        with Gate(journal, Opening(kind=OpeningKind.MQTT, address=broker.address)) as gate:
            event = gate.enter()
            wait_for(lambda: gate.results == [(event.seq, "opened")])
        wait_for(lambda: broker.messages)
        ((payload, retain),) = broker.messages
        assert (json.loads(payload)["kind"], retain) == ("open", False)
    port = broker.port
    with Gate(journal, Opening(kind=OpeningKind.MQTT, address=broker.address)) as gate:
        gate.enter()
        wait_for(lambda: len(gate.results) == 2)
        with Broker(tmp_path, port) as back:
            threading.Event().wait(0.5)
            assert back.messages == []


@pytest.mark.logs_warnings
def test_a_fault_of_the_program_opens_nothing_and_the_next_order_works(journal):
    with Receiver() as receiver:
        answers = iter([ZeroDivisionError(), http(receiver.address)])

        def opening(_):
            answer = next(answers)
            if isinstance(answer, Exception):
                raise answer
            return answer

        gate = Gate(journal, Opening())
        gate.output._parts = (journal, opening, gate.errors.append, gate.failed.append)
        with gate:
            gate.enter()
            second = gate.enter()
            wait_for(lambda: gate.results == [(second.seq, "opened")])
        assert len(gate.errors) == 1


def test_a_try_is_journalled_with_who_did_it_and_what_came_of_it(journal):
    """That it was tried was journalled, whether the door opened was not."""
    with Receiver() as receiver:
        try_opening(journal, OPERATOR, http(receiver.address), "Gate")
        last, first = journal.rows.newest((JournalKind.DOOR_OPENING,))
        assert (first.actor, first.details["result"]) == ("olga", "tried")
        assert (last.actor, last.details["result"]) == ("olga", "opened")
        receiver.mode = "500"
        with pytest.raises(OutputError, match="answered 500"):
            try_opening(journal, OPERATOR, http(receiver.address), "Gate")
        last = journal.rows.newest((JournalKind.DOOR_OPENING,))[0]
        assert (last.details["result"], "500" in last.details["error"]) == ("failed", True)


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": OpeningKind.SERIAL},
        {"kind": OpeningKind.HTTP, "address": "ftp://x/"},
        {"kind": OpeningKind.MQTT, "address": "mqtt://host"},
        {"on_hex": "GG"},
    ],
)
def test_an_opening_that_could_not_work_is_refused(changes):
    with pytest.raises(SettingsError):
        Opening(**changes).check()
