"""Notifications: each in effect once, whatever the receiver does, and whoever is killed."""

import hashlib
import hmac
import json
import multiprocessing
import threading
from datetime import timedelta

import pytest

from faceaccess.codes import (
    CameraFault,
    CameraState,
    JournalKind,
    NotificationKind,
    NotificationWish,
    Outcome,
)
from faceaccess.door import delivery as delivery_module
from faceaccess.door.delivery import Delivery, send_test, wants
from faceaccess.door.entries import EntryLog
from faceaccess.door.notifications import Notifications
from faceaccess.door.services import DoorServices
from faceaccess.errors import OutputError, StoreError
from faceaccess.settings import Notification
from faceaccess.store.access.types import Actor
from faceaccess.store.clock import utc_now
from faceaccess.store.file.database import Database
from faceaccess.store.journal.journal import Journal
from faceaccess.store.journal.types import EventFilter
from faceaccess.store.outbox import Outbox
from faceaccess.store.people.people import People
from faceaccess.store.policy.policies import Policies
from faceaccess.store.policy.types import Channels
from tests.broker import Broker, free_port
from tests.receiver import Receiver
from tests.store.builders import make_entry
from tests.waiting import wait_for

OLGA = Actor("olga")
SECRET = "a secret of the receiver's"
QUICK = (0.01, 0.02)


def webhook(address, **changes):
    values = {"channel_id": "hook", "name": "Hook", "address": address, "secret": SECRET}
    return Notification(**(values | changes))


class Told:
    """A data folder whose entries are told to channels."""

    def __init__(self, folder, channels=()):
        self.database = Database.open(folder)
        self.journal, self.outbox = Journal(self.database), Outbox(self.database)
        self.policies = Policies(self.database, self.journal)
        self.services = DoorServices(self.journal, self.policies, self.outbox)
        self.notifications = Notifications(self.policies, self.outbox)
        for channel in channels:
            self.notifications.put(OLGA, channel)
        self.people = People(self.database)

    def enter(self, count=1, outcome=Outcome.ACCEPTED, person_id=None):
        for _ in range(count):
            with self.database.transaction():
                entry = make_entry(person_id, outcome=outcome, at=utc_now())
                event = self.journal.append(entry, None)
                self.services.notify(event.seq, outcome)
        return event

    def log(self, camera, *, is_recording):
        return EntryLog(
            self.journal,
            camera=camera,
            door="Main",
            device="CPU",
            is_recording=is_recording,
            notify=self.services.notify,
        )

    def least_attempts(self):
        with self.database.reader() as db:
            return db.execute("SELECT min(attempts) FROM outbox").fetchone()[0]

    def deliver(self, until=None, **changes):
        """Run a delivery until nothing waits, or until told."""
        options = {"waits_s": QUICK, "timeout_s": 0.3} | changes
        sender = Delivery(self.journal, self.outbox, self.services.channels, **options)
        sender.start()
        try:
            wait_for(until or (lambda: not self.outbox.counts()), 30)
        finally:
            sender.stop()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.database.close()


def test_a_message_says_who_and_is_signed(tmp_path):
    with Receiver() as receiver, Told(tmp_path, [webhook(receiver.address)]) as told:
        person = told.people.create(name="Ada")
        event = told.enter(person_id=person.person_id)
        told.deliver()
    ((key, headers, body),) = receiver.requests
    values = json.loads(body)
    assert (values["person"], values["outcome"], values["seq"]) == ("Ada", "accepted", event.seq)
    assert values["id"] == key
    signed = headers["X-FaceAccess-Timestamp"].encode() + b"." + body
    digest = hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
    assert headers["X-FaceAccess-Signature"] == f"sha256={digest}"


def test_nobody_is_named_who_was_erased_while_the_message_waited(tmp_path):
    with Receiver() as receiver, Told(tmp_path, [webhook(receiver.address)]) as told:
        person = told.people.create(name="Ada")
        told.enter(person_id=person.person_id)
        told.people.erasing.person(person.person_id)
        told.deliver()
    assert b"Ada" not in receiver.requests[0][2]


@pytest.mark.parametrize(
    ("wish", "told_of"),
    [
        (NotificationWish.ALL, set(Outcome)),
        (NotificationWish.ACCEPTED, {Outcome.ACCEPTED}),
        (NotificationWish.REFUSED, set(Outcome) - {Outcome.ACCEPTED}),
        (NotificationWish.NONE, set()),
    ],
)
def test_a_channel_is_told_of_what_it_wishes(wish, told_of):
    channel = webhook("http://127.0.0.1/", wish=wish)
    assert {outcome for outcome in Outcome if wants(channel, outcome)} == told_of
    assert wants(channel, None)
    assert not wants(webhook("http://127.0.0.1/", wants_faults=False), None)


@pytest.mark.parametrize("mode", ["500", "404", "slow", "cut"])
def test_a_receiver_in_trouble_gets_it_later_and_once_in_effect(tmp_path, mode):
    with Receiver() as receiver, Told(tmp_path, [webhook(receiver.address)]) as told:
        receiver.mode = mode
        told.enter(3)
        told.deliver(until=lambda: len(receiver.requests) >= 4)
        assert told.outbox.counts() == {"hook": 3}
        receiver.mode = "ok"
        told.deliver()
    assert len(receiver.kept) == 3


def test_a_receiver_that_has_it_already_may_say_so(tmp_path):
    with Receiver() as receiver, Told(tmp_path, [webhook(receiver.address)]) as told:
        receiver.mode = "409"
        told.enter()
        told.deliver()
    assert len(receiver.requests) == 1


def test_a_receiver_that_is_down_holds_up_no_other(tmp_path):
    dead = f"http://127.0.0.1:{free_port()}/"
    with Receiver() as receiver:
        channels = [webhook(dead, channel_id="dead"), webhook(receiver.address)]
        with Told(tmp_path, channels) as told:
            told.enter(20)
            told.deliver(until=lambda: len(receiver.kept) == 20)
            assert told.outbox.counts() == {"dead": 20}


def test_what_waits_for_a_removed_channel_is_dropped(tmp_path):
    with Told(tmp_path, [webhook("http://127.0.0.1:9/")]) as told:
        told.enter(2)
        (channel,) = told.policies.read(Channels).channels
        told.notifications.remove(OLGA, channel.channel_id)
        assert told.outbox.counts() == {}


def test_what_nobody_took_for_a_week_is_given_up_and_journalled(tmp_path, monkeypatch):
    monkeypatch.setattr(delivery_module, "GIVE_UP_AFTER", timedelta(0))
    with Told(tmp_path, [webhook(f"http://127.0.0.1:{free_port()}/")]) as told:
        told.enter()
        told.deliver()
        (row,) = told.journal.rows.newest((JournalKind.NOTIFICATION_DROPPED,))
        (entry,) = told.journal.events.newest(EventFilter())
        assert row.details == {"channel": "hook", "row": entry.seq}


def test_an_entry_and_its_message_are_written_together_or_not_at_all(tmp_path, monkeypatch):
    def fail(*_):
        raise StoreError("The disk is full.")

    with Told(tmp_path, [webhook("http://127.0.0.1:9/")]) as told:
        log = EntryLog(
            told.journal,
            camera="Gate",
            door="Main",
            device="CPU",
            is_recording=False,
            notify=told.services.notify,
        )
        before = len(told.journal.rows.newest())
        monkeypatch.setattr(Outbox, "put", fail)
        with pytest.raises(StoreError):
            log.camera_state(CameraState.OFFLINE, CameraFault.UNREACHABLE)
        assert len(told.journal.rows.newest()) == before
        monkeypatch.undo()
        log.camera_state(CameraState.OFFLINE, CameraFault.UNREACHABLE)
        assert told.outbox.counts() == {"hook": 1}


def test_a_recording_is_told_to_nobody(tmp_path):
    with Told(tmp_path, [webhook("http://127.0.0.1:9/")]) as told:
        log = EntryLog(
            told.journal,
            camera="x.mp4",
            door="Main",
            device="CPU",
            is_recording=True,
            notify=told.services.notify,
        )
        log.camera_state(CameraState.OFFLINE, CameraFault.UNREACHABLE)
        assert told.outbox.counts() == {}


def _send_until_killed(folder):
    """Deliver for ever. Runs in a child that is killed."""
    database = Database.open(folder)
    journal = Journal(database)
    policies = Policies(database, journal)
    Delivery(
        journal, Outbox(database), lambda: policies.read(Channels).channels, waits_s=QUICK, timeout_s=0.3
    ).start()
    threading.Event().wait()


@pytest.mark.slow
def test_a_thousand_messages_reach_a_bad_receiver_once_each_in_effect(tmp_path):
    """Down, slow, answering 500, breaking off, and the sender killed with messages waiting."""
    port = free_port()
    context = multiprocessing.get_context("spawn")
    with Told(tmp_path, [webhook(f"http://127.0.0.1:{port}/hook")]) as told:
        told.enter(1000)
    kept = {}
    for mode, enough in (("500", 3), ("slow", 2), ("cut", 20), ("ok", 200), ("cut", 20), ("ok", 300)):
        with Receiver(port) as receiver:
            receiver.mode = mode
            child = context.Process(target=_send_until_killed, args=(tmp_path,))
            child.start()
            wait_for(lambda r=receiver, n=enough: len(r.requests) >= n, 60)
            child.kill()
            child.join()
        for key, body in receiver.kept.items():
            assert kept.setdefault(key, body) == body
    with Receiver(port) as receiver, Told(tmp_path, [webhook(receiver.address)]) as told:
        told.deliver()
        for key, body in receiver.kept.items():
            assert kept.setdefault(key, body) == body
        assert told.outbox.counts() == {}
    seqs = [json.loads(body)["seq"] for body in kept.values()]
    assert len(seqs) == len(set(seqs)) == 1000


def test_mqtt_is_confirmed_by_the_broker(tmp_path):
    with Broker(tmp_path) as broker, Told(tmp_path / "data") as told:
        channel = Notification(
            channel_id="m", name="Broker", kind=NotificationKind.MQTT, address=broker.address
        )
        told.notifications.put(OLGA, channel)
        told.enter(20)
        told.deliver(timeout_s=3.0)
        wait_for(lambda: len(broker.messages) == 20)
        payloads = [json.loads(payload) for payload, _ in broker.messages]
    assert len({values["id"] for values in payloads}) == 20
    assert not any(retain for _, retain in broker.messages)


@pytest.mark.slow
def test_a_broker_that_comes_back_gets_what_waited(tmp_path):
    port = free_port()
    channel = Notification(
        channel_id="m", name="Broker", kind=NotificationKind.MQTT, address=f"mqtt://127.0.0.1:{port}/a"
    )
    with Told(tmp_path / "data", [channel]) as told:
        told.enter(2)
        told.deliver(until=lambda: told.least_attempts() > 0)
        assert told.outbox.counts() == {"m": 2}
        with Broker(tmp_path, port) as broker:
            told.deliver(timeout_s=3.0)
            wait_for(lambda: len(broker.messages) == 2)


def test_a_test_message_is_sent_or_says_what_is_wrong():
    with Receiver() as receiver:
        send_test(webhook(receiver.address))
        assert json.loads(receiver.requests[0][2])["kind"] == "test"
    with pytest.raises(OutputError, match=r"127.0.0.1 can't be reached"):
        send_test(webhook(receiver.address))
