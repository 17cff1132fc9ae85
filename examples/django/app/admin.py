from django.contrib import admin
from django.template.defaultfilters import floatformat
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.timezone import localtime

from app.models import Lesson, LessonLine, UserPronunciation


class LessonLineInline(admin.TabularInline):
    model = LessonLine
    extra = 1


@admin.register(Lesson)
class LessonAdmin(admin.ModelAdmin):
    list_display = ["title", "kind", "level", "line_count"]
    list_filter = ["kind", "level"]
    search_fields = ["title", "lines__sentence"]
    inlines = [LessonLineInline]

    @admin.display(description="lines")
    def line_count(self, lesson):
        return len(lesson.lines.all())

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("lines")


@admin.register(UserPronunciation)
class UserPronunciationAdmin(admin.ModelAdmin):
    """Rows are made by an upload and filled by Elocute: here they are read, and may be deleted."""

    list_display = [
        "recorded",
        "user",
        "line_name",
        "status",
        "scores",
        "words",
        "scoring",
        "advice",
    ]
    list_filter = ["status", "created_at", ("user", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["user__username", "audio_file", "feedback"]
    date_hierarchy = "created_at"
    list_select_related = ["user"]
    fields = [
        ("user", "status", "created_at"),
        "line_name",
        "audio_file",
        "scores",
        ("words", "mispronounced_ratio"),
        "feedback",
        "scoring",
    ]

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        return rows.prefetch_related("line__lesson", "events")

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    @admin.display(description="line")
    def line_name(self, row):
        return row.line

    @admin.display(description="recorded", ordering="created_at")
    def recorded(self, row):
        return date_format(localtime(row.created_at), "j M Y, H:i")

    @admin.display(description="scores", ordering="mispronounced_ratio")
    def scores(self, row):
        figures = [
            ("pitch", row.pitch_similarity),
            ("rhythm", row.rhythm_similarity),
            ("pauses", row.pause_similarity),
            ("speed", row.speed_ratio),
        ]
        shown = [(name, floatformat(value, 2)) for name, value in figures if value is not None]
        return format_html_join(mark_safe("<br>"), "{}&nbsp;{}", shown)

    @admin.display(description="words", ordering="mispronounced_ratio")
    def words(self, row):
        return ", ".join(row.mispronounced_words)

    @admin.display(description="advice")
    def advice(self, row):
        return row.feedback if len(row.feedback) <= 80 else f"{row.feedback[:79]}…"

    @admin.display(description="scoring")
    def scoring(self, row):
        event = next(reversed(row.events.all()), None)
        if event is None:
            return None
        short = event.scoring_id[:8]
        link = event.scoring_url
        return format_html('<a href="{}">{}</a>', link, short) if link else short
