"""What a learner sees: lessons, a line to record, and the own recordings with their outcome."""

from django.contrib.contenttypes.models import ContentType
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST

from app.forms import UploadForm
from app.models import Lesson, LessonLine, UserPronunciation
from app.uploads import create_upload


@require_GET
def lessons(request):
    return render(
        request, "app/lessons.html", {"lessons": Lesson.objects.prefetch_related("lines")}
    )


@require_GET
def line(request, pk):
    found = get_object_or_404(LessonLine.objects.select_related("lesson"), pk=pk)
    kind = ContentType.objects.get_for_model(LessonLine)
    mine = own_recordings(request).filter(content_type=kind, object_id=found.pk)[:20]
    return render(request, "app/line.html", {"line": found, "recordings": mine})


@require_POST
def create_recording(request, pk):
    """201 with the request that uploads: the recording goes to S3, never through Django."""
    found = get_object_or_404(LessonLine.objects.select_related("lesson"), pk=pk)
    form = UploadForm(request.POST)
    if not form.is_valid():
        problems = [text for texts in form.errors.values() for text in texts]
        return JsonResponse({"error": " ".join(problems)}, status=400)
    recording, upload = create_upload(request.user, found, **form.cleaned_data)
    page = recording.get_absolute_url()
    return JsonResponse({"id": recording.pk, "page": page, "upload": upload}, status=201)


@require_GET
def recording(request, pk):
    """404 for everybody else's: whether it exists is nobody's business."""
    found = get_object_or_404(own_recordings(request), pk=pk)
    return render(request, "app/recording.html", {"recording": found})


def own_recordings(request):
    return UserPronunciation.objects.filter(user=request.user)
