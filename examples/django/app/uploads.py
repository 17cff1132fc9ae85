"""A place for a recording: a row that waits, and an address that takes exactly this upload."""

from functools import cache

import boto3
from botocore.config import Config
from django.conf import settings
from django.contrib.contenttypes.models import ContentType

from app.models import UserPronunciation

EXPIRES_IN_S = 300
# What Elocute takes, by the ending of the key.
FORMATS = {
    "wav": "audio/wav",
    "flac": "audio/flac",
    "mp3": "audio/mpeg",
    "ogg": "audio/ogg",
    "opus": "audio/ogg",
    "webm": "audio/webm",
    "m4a": "audio/mp4",
}


def create_upload(user, line, size, extension="wav"):
    """
    Returns the row and the request that uploads. Size, type and whose recording it is are signed:
    S3 refuses any other. Elocute takes the ids from the metadata, and fills the row.
    """
    content_type = ContentType.objects.get_for_model(line)
    metadata = {
        "user-id": str(user.pk),
        "content-type-id": str(content_type.pk),
        "object-id": str(line.pk),
    }
    key = key_of(user, line, extension)
    url = s3().generate_presigned_url(
        "put_object",
        Params={
            "Bucket": settings.USER_BUCKET,
            "Key": key,
            "ContentType": FORMATS[extension],
            "ContentLength": size,
            "Metadata": metadata,
        },
        ExpiresIn=EXPIRES_IN_S,
    )
    row = UserPronunciation.objects.create(user=user, line=line, audio_file=key)
    headers = {f"x-amz-meta-{name}": value for name, value in metadata.items()}
    return row, {
        "method": "PUT",
        "url": url,
        "headers": {"content-type": FORMATS[extension], **headers},
        "expires_in_s": EXPIRES_IN_S,
    }


def key_of(user, line, extension="wav"):
    """The key that Elocute reads learner and lesson line from."""
    lesson = line.lesson
    title = lesson.title.replace(" ", "_")
    folder = f"{settings.USER_KEY_ROOT}/{user.pk}/{lesson.kind}/level_{lesson.level}/{title}"
    return f"{folder}/audio_line_{line.number}.{extension}"


@cache
def s3():
    return boto3.client(
        "s3",
        region_name=settings.AWS_REGION,
        endpoint_url=settings.S3_ENDPOINT or None,
        config=Config(
            signature_version="s3v4",
            s3={"addressing_style": "path" if settings.S3_ENDPOINT else "virtual"},
            # Else a checksum of nothing would be signed.
            request_checksum_calculation="when_required",
        ),
    )
