"""`manage.py record`: uploads a recording as the page does, and waits for its outcome."""

import time
import urllib.request
from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from app.models import LessonLine
from app.uploads import FORMATS, create_upload

EVERY_S = 0.5


def line_called(name):
    kind, level, title, number = name.split("/")
    return LessonLine.objects.select_related("lesson").get(
        lesson__kind=kind, lesson__level=level, lesson__title=title, number=number
    )


class Command(BaseCommand):
    help = "Upload a recording for a learner and print the row that Elocute writes."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--user", required=True, help="user name of the learner")
        parser.add_argument("--line", required=True, help="kind/level/title/number of the line")
        parser.add_argument("--timeout", type=float, default=120, help="seconds; default 120")

    def handle(self, file, user, line, timeout, **options):
        User = get_user_model()
        try:
            body = file.read_bytes()
            learner = User.objects.get_by_natural_key(user)
            lesson_line = line_called(line)
        except (OSError, ValueError, User.DoesNotExist, LessonLine.DoesNotExist) as error:
            raise CommandError(error) from error
        extension = file.suffix.lower().removeprefix(".")
        if extension not in FORMATS:
            raise CommandError(f"{file} is none of {', '.join(FORMATS)}")
        row, upload = create_upload(learner, lesson_line, len(body), extension)
        self.stderr.write(f"Row {row.pk} waits; uploading {row.audio_file}")
        request = urllib.request.Request(
            upload["url"], data=body, headers=upload["headers"], method=upload["method"]
        )
        try:
            with urllib.request.urlopen(request, timeout=60):
                pass
        except OSError as error:
            raise CommandError(
                f"The upload failed ({error}). Row {row.pk} waits for it."
            ) from error
        self.wait(row, timeout)
        for name in (
            "status",
            "pitch_similarity",
            "rhythm_similarity",
            "speed_ratio",
            "pause_similarity",
            "mispronounced_words",
            "feedback",
        ):
            self.stdout.write(f"{name:20} {getattr(row, name)}")

    def wait(self, row, timeout):
        until = time.monotonic() + timeout
        while row.is_waiting:
            if time.monotonic() > until:
                raise CommandError(f"Row {row.pk} still waits. Do worker and starter run?")
            time.sleep(EVERY_S)
            row.refresh_from_db()
