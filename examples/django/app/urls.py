from django.urls import path

from app import views, webhook

app_name = "app"
urlpatterns = [
    path("", views.lessons, name="lessons"),
    path("lines/<int:pk>/", views.line, name="line"),
    path("lines/<int:pk>/recordings/", views.create_recording, name="create-recording"),
    path("recordings/<int:pk>/", views.recording, name="recording"),
    path("elocute/events", webhook.scoring_event, name="scoring-event"),
]
