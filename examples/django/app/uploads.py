"""A place for a recording: a row that waits, and an address that takes exactly this upload."""

from functools import cache

import boto3
from botocore.config import Config
from django.conf import settings
from django.contrib.contenttypes.models import ContentType

from app.models import UserPronunciation

EXPIRES_IN_S = 300
CONTENT_TYPE = "audio/wav"


def create_upload(user, line, size):
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
    key = key_of(user, line)
    url = s3().generate_presigned_url(
        "put_object",
        Params={
            "Bucket": settings.USER_BUCKET,
            "Key": key,
            "ContentType": CONTENT_TYPE,
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
        "headers": {"content-type": CONTENT_TYPE, **headers},
        "expires_in_s": EXPIRES_IN_S,
    }


def key_of(user, line):
    """The key that Elocute reads learner and lesson line from."""
    lesson = line.lesson
    title = lesson.title.replace(" ", "_")
    folder = f"{settings.USER_KEY_ROOT}/{user.pk}/{lesson.kind}/level_{lesson.level}/{title}"
    return f"{folder}/audio_line_{line.number}.wav"


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
