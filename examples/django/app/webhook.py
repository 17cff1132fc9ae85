"""Elocute's events: each is checked before it is read, and counts once."""

import json
import re

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from app.models import ScoringEvent, UserPronunciation
from app.signatures import is_signed

MAX_BYTES = 16_384


# Elocute has neither login nor cookie; it has a signature.
@csrf_exempt
@login_not_required
@require_POST
def scoring_event(request):
    body = request.read(MAX_BYTES + 1)
    if len(body) > MAX_BYTES:
        return HttpResponse(status=413)
    timestamp = request.headers.get("x-elocute-timestamp", "")
    signature = request.headers.get("x-elocute-signature", "")
    if not is_signed(settings.NOTIFY_SECRET, timestamp, signature, body):
        return HttpResponse(status=401)
    try:
        event = read_event(body)
    except ValueError:
        return HttpResponse(status=400)
    event_id = event.pop("event_id")
    _, is_new = ScoringEvent.objects.get_or_create(event_id=event_id, defaults=event)
    return HttpResponse(status=201 if is_new else 200)


def read_event(body):
    """The columns of an event. Raises ValueError where one cannot be stored."""
    event = json.loads(body)
    if not isinstance(event, dict):
        raise ValueError("not an object")
    row = name_in(event, "applicationRowId", optional=True)
    return {
        "event_id": name_in(event, "eventId"),
        "type": name_in(event, "type"),
        "scoring_id": name_in(event, "scoringId"),
        "failure_code": name_in(event, "failureCode", optional=True),
        # It may have been deleted since.
        "pronunciation": UserPronunciation.objects.filter(pk=row).first() if row else None,
    }


def name_in(event, key, optional=False):
    """Ids, types and codes are short and without spaces."""
    value = event.get(key)
    if value is None and optional:
        return ""
    if not isinstance(value, str) or not re.fullmatch(r"[!-~]{1,64}", value):
        raise ValueError(key)
    return value
