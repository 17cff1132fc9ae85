from django import forms
from django.conf import settings
from django.core.validators import MaxValueValidator

from app.uploads import FORMATS


class UploadForm(forms.Form):
    """What is signed must be known before: format and size of the recording."""

    extension = forms.ChoiceField(
        choices=[(extension, extension) for extension in FORMATS],
        error_messages={"invalid_choice": "Recordings of this format cannot be scored."},
    )
    size = forms.IntegerField(
        min_value=1,
        validators=[
            MaxValueValidator(
                lambda: settings.AUDIO_MAX_BYTES, "It has more than %(limit_value)s bytes."
            )
        ],
    )
