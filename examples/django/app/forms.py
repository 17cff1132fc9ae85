from django import forms
from django.conf import settings
from django.core.validators import MaxValueValidator


class UploadForm(forms.Form):
    """What is signed must be known before: how many bytes the recording has."""

    size = forms.IntegerField(
        min_value=1,
        validators=[
            MaxValueValidator(
                lambda: settings.AUDIO_MAX_BYTES, "It has more than %(limit_value)s bytes."
            )
        ],
    )
