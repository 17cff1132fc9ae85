"""Whether an event is from Elocute: HMAC-SHA256 of `timestamp.body`, within five minutes."""

import hmac
import re
import time

WINDOW_S = 300


def is_signed(secret, timestamp, signature, body, now=None):
    """Both headers may hold anything at all; without a secret nothing is signed."""
    if not secret or not re.fullmatch(r"[0-9]{1,12}", timestamp):
        return False
    digest = hmac.new(secret.encode(), timestamp.encode() + b"." + body, "sha256").hexdigest()
    # As bytes: compare_digest raises on text that is not ASCII.
    same = hmac.compare_digest(f"sha256={digest}".encode(), signature.encode(errors="replace"))
    age_s = (time.time() if now is None else now) - int(timestamp)
    return same and abs(age_s) <= WINDOW_S
