# Made by Django 5.2 (manage.py makemigrations).

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Lesson",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("conversation", "Conversation"),
                            ("novel", "Novel"),
                            ("phonics", "Phonics"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        validators=[django.core.validators.MaxValueValidator(9999)]
                    ),
                ),
                (
                    "title",
                    models.CharField(
                        max_length=200,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[^/_\\x00-\\x1f\\x7f-\\x9f]+$", "No slash and no underscore."
                            )
                        ],
                    ),
                ),
            ],
            options={
                "ordering": ["kind", "level", "title"],
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "level", "title"), name="lesson_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="UserPronunciation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("object_id", models.PositiveBigIntegerField(blank=True, null=True)),
                (
                    "audio_file",
                    models.CharField(max_length=1024, verbose_name="key of the recording"),
                ),
                ("pitch_similarity", models.FloatField(blank=True, null=True)),
                ("rhythm_similarity", models.FloatField(blank=True, null=True)),
                ("speed_ratio", models.FloatField(blank=True, null=True)),
                ("pause_similarity", models.FloatField(blank=True, null=True)),
                ("mispronounced_words", models.JSONField(blank=True, default=list)),
                ("mispronounced_ratio", models.FloatField(blank=True, null=True)),
                ("feedback", models.TextField(blank=True, default="")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("pending", "Pending"),
                            ("completed", "Completed"),
                            ("failed", "Failed"),
                        ],
                        default="pending",
                        max_length=20,
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "content_type",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="contenttypes.contenttype",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pronunciations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "recording",
                "ordering": ["-created_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="ScoringEvent",
            fields=[
                ("event_id", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("type", models.CharField(max_length=64)),
                ("scoring_id", models.CharField(max_length=64)),
                ("failure_code", models.CharField(blank=True, max_length=64)),
                ("received_at", models.DateTimeField(auto_now_add=True)),
                (
                    "pronunciation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="events",
                        to="app.userpronunciation",
                    ),
                ),
            ],
            options={
                "ordering": ["received_at"],
            },
        ),
        migrations.CreateModel(
            name="LessonLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "number",
                    models.PositiveIntegerField(
                        validators=[django.core.validators.MaxValueValidator(99999)]
                    ),
                ),
                ("sentence", models.TextField(max_length=1000)),
                (
                    "lesson",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="app.lesson",
                    ),
                ),
            ],
            options={
                "ordering": ["lesson", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("lesson", "number"), name="line_once")
                ],
            },
        ),
        migrations.AddIndex(
            model_name="userpronunciation",
            index=models.Index(fields=["audio_file"], name="pronunciation_audio_file"),
        ),
        migrations.AddIndex(
            model_name="userpronunciation",
            index=models.Index(fields=["content_type", "object_id"], name="pronunciation_line"),
        ),
    ]
