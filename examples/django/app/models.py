from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.urls import reverse

# Part of an object key, where a space is written as an underscore.
plain_title = RegexValidator(r"^[^/_\x00-\x1f\x7f-\x9f]+$", "No slash and no underscore.")


class Lesson(models.Model):
    """A text that learners read, line by line."""

    class Kind(models.TextChoices):
        CONVERSATION = "conversation"
        NOVEL = "novel"
        PHONICS = "phonics"

    kind = models.CharField(max_length=20, choices=Kind)
    level = models.PositiveSmallIntegerField(validators=[MaxValueValidator(9999)])
    title = models.CharField(max_length=200, validators=[plain_title])

    class Meta:
        ordering = ["kind", "level", "title"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "level", "title"], name="lesson_once"),
        ]

    def __str__(self):
        return f"{self.title} ({self.kind}, level {self.level})"


class LessonLine(models.Model):
    """One sentence of a lesson; its standard recording lies in the standard bucket."""

    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField(validators=[MaxValueValidator(99999)])
    sentence = models.TextField(max_length=1000)

    class Meta:
        ordering = ["lesson", "number"]
        constraints = [models.UniqueConstraint(fields=["lesson", "number"], name="line_once")]

    def __str__(self):
        return f"{self.lesson.title}, line {self.number}"

    def get_absolute_url(self):
        return reverse("app:line", args=[self.pk])


class UserPronunciation(models.Model):
    """One recording of a learner. Django makes the row at upload; Elocute writes the outcome."""

    class Status(models.TextChoices):
        PENDING = "pending"
        COMPLETED = "completed"
        FAILED = "failed"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="pronunciations"
    )
    # Null where a recording came into the bucket by another way, and LESSON_QUERY finds no line.
    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, null=True, blank=True)
    object_id = models.PositiveBigIntegerField(null=True, blank=True)
    line = GenericForeignKey("content_type", "object_id")
    audio_file = models.CharField("key of the recording", max_length=1024)
    pitch_similarity = models.FloatField(null=True, blank=True)
    rhythm_similarity = models.FloatField(null=True, blank=True)
    speed_ratio = models.FloatField(null=True, blank=True)
    pause_similarity = models.FloatField(null=True, blank=True)
    mispronounced_words = models.JSONField(default=list, blank=True)
    mispronounced_ratio = models.FloatField(null=True, blank=True)
    feedback = models.TextField(default="", blank=True)
    status = models.CharField(max_length=20, choices=Status, default=Status.PENDING)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "recording"
        ordering = ["-created_at", "-id"]
        indexes = [
            # Elocute looks for the row of a recording by its key.
            models.Index(fields=["audio_file"], name="pronunciation_audio_file"),
            models.Index(fields=["content_type", "object_id"], name="pronunciation_line"),
        ]

    def __str__(self):
        return f"Recording {self.pk}"

    def get_absolute_url(self):
        return reverse("app:recording", args=[self.pk])

    @property
    def is_waiting(self):
        return self.status == self.Status.PENDING


class ScoringEvent(models.Model):
    """What Elocute has told. An event comes more than once; its id makes it count once."""

    event_id = models.CharField(max_length=64, primary_key=True)
    type = models.CharField(max_length=64)
    scoring_id = models.CharField(max_length=64)
    failure_code = models.CharField(max_length=64, blank=True)
    pronunciation = models.ForeignKey(
        UserPronunciation, on_delete=models.SET_NULL, null=True, related_name="events"
    )
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["received_at"]

    def __str__(self):
        return self.type

    @property
    def scoring_url(self):
        """Its page, or nothing where ELOCUTE_SCORING_URL is not set."""
        return settings.ELOCUTE_SCORING_URL.replace("{scoring_id}", self.scoring_id).replace(
            "{short_id}", self.scoring_id[:32]
        )
