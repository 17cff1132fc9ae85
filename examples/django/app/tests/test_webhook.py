import hmac
import json
import time

from django.contrib.auth import get_user_model
from django.test import Client, TestCase, override_settings

from app.models import ScoringEvent, UserPronunciation
from app.signatures import is_signed
from app.webhook import MAX_BYTES

SECRET = "a-secret-of-the-tests-with-32-characters"
PATH = "/elocute/events"


def sign(body, timestamp, secret=SECRET):
    digest = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, "sha256").hexdigest()
    return f"sha256={digest}"


def an_event(**changes):
    event = {
        "eventId": "evt_1",
        "type": "scoring.completed",
        "scoringId": "0f" * 32,
        "status": "completed",
        "applicationRowId": None,
        "summary": {"overall": 81.2},
        "failureCode": None,
        "occurredAt": "2026-11-24T00:00:00.000Z",
    }
    return json.dumps(event | changes).encode()


@override_settings(NOTIFY_SECRET=SECRET, SECURE_SSL_REDIRECT=False)
class WebhookTest(TestCase):
    def setUp(self):
        # As the sender is: no cookie, no CSRF token.
        self.client = Client(enforce_csrf_checks=True)

    def post(self, body, *, age_s=0, signature=None, timestamp=None):
        stamp = str(int(time.time()) - age_s) if timestamp is None else timestamp
        headers = {
            "x-elocute-timestamp": stamp,
            "x-elocute-signature": sign(body, stamp) if signature is None else signature,
        }
        return self.client.post(PATH, body, "application/json", headers=headers)

    def assert_refused(self, response, status=401):
        self.assertEqual(response.status_code, status)
        self.assertFalse(ScoringEvent.objects.exists())

    def test_a_signed_event_is_kept_with_its_row(self):
        user = get_user_model().objects.create_user("ada")
        row = UserPronunciation.objects.create(user=user, audio_file="a/b.wav")
        self.assertEqual(self.post(an_event(applicationRowId=str(row.pk))).status_code, 201)
        event = row.events.get()
        self.assertEqual((event.event_id, event.type), ("evt_1", "scoring.completed"))
        self.assertEqual(event.scoring_id, "0f" * 32)

    def test_an_event_that_comes_again_counts_once(self):
        self.post(an_event())
        again = self.post(an_event(type="scoring.failed"))
        self.assertEqual(again.status_code, 200)
        self.assertEqual(ScoringEvent.objects.get().type, "scoring.completed")

    def test_a_row_that_is_gone_is_no_error(self):
        self.assertEqual(self.post(an_event(applicationRowId="99")).status_code, 201)
        self.assertIsNone(ScoringEvent.objects.get().pronunciation)

    def test_another_body_secret_or_scheme_is_refused(self):
        now = str(int(time.time()))
        good = sign(an_event(), now)
        for signature in (
            sign(an_event(type="scoring.failed"), now),
            sign(an_event(), now, secret="another-secret"),
            good.removeprefix("sha256="),
            good.upper(),
            good[:-1],
            "",
            "sha256=é",
        ):
            with self.subTest(signature):
                self.assert_refused(self.post(an_event(), signature=signature, timestamp=now))

    def test_without_headers_it_is_refused(self):
        self.assert_refused(self.client.post(PATH, an_event(), "application/json"))

    def test_older_or_newer_than_five_minutes_is_refused(self):
        self.assert_refused(self.post(an_event(), age_s=310))
        self.assert_refused(self.post(an_event(), age_s=-310))
        self.assertEqual(self.post(an_event(), age_s=290).status_code, 201)

    def test_an_old_signature_under_a_new_timestamp_is_refused(self):
        old = str(int(time.time()) - 3600)
        now = str(int(time.time()))
        self.assert_refused(self.post(an_event(), signature=sign(an_event(), old), timestamp=now))

    def test_a_timestamp_that_is_no_number_is_refused(self):
        for timestamp in ("", "now", "-1", "1e9", "²", "9" * 5000):
            with self.subTest(timestamp):
                self.assert_refused(self.post(an_event(), timestamp=timestamp))

    def test_a_large_body_is_refused_unread(self):
        self.assert_refused(self.post(b" " * (MAX_BYTES + 1)), 413)

    def test_what_is_signed_but_no_event_is_refused(self):
        for body in (
            b"",
            b"[]",
            b"{",
            b"\xff",
            b'{"eventId": "\\ud800"}',
            an_event(eventId=""),
            an_event(eventId=7),
            an_event(scoringId="x" * 65),
            an_event(applicationRowId="seven"),
        ):
            with self.subTest(body):
                self.assert_refused(self.post(body), 400)

    @override_settings(NOTIFY_SECRET="")
    def test_without_a_secret_everything_is_refused(self):
        now = str(int(time.time()))
        self.assert_refused(self.post(an_event(), signature=sign(an_event(), now, secret="")))

    def test_only_post(self):
        self.assertEqual(self.client.get(PATH).status_code, 405)


class SignatureTest(TestCase):
    def test_the_window_ends_after_five_minutes_on_both_sides(self):
        signature = sign(b"{}", "1000")
        for now, expected in ((700, True), (1300, True), (699, False), (1301, False)):
            with self.subTest(now):
                self.assertIs(is_signed(SECRET, "1000", signature, b"{}", now=now), expected)
