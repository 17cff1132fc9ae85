from django.apps import AppConfig


class PronunciationConfig(AppConfig):
    # The label names the table that Elocute writes: app_userpronunciation.
    name = "app"
    verbose_name = "Pronunciation"
