"""Where files lie: on the disk, or in buckets where those are named; originals stay private."""

from pathlib import Path
from typing import Any

DISK = "django.core.files.storage.FileSystemStorage"
S3 = "storages.backends.s3.S3Storage"


def public_files(account: dict[str, Any], bucket: str, media_url: str) -> dict[str, Any]:
    """What a public page shows; readers fetch it from ``media_url``."""
    if not bucket:
        return {"BACKEND": DISK}
    domain = media_url.removeprefix("https://").strip("/")
    options = {**account, "bucket_name": bucket, "querystring_auth": False, "custom_domain": domain}
    return {"BACKEND": S3, "OPTIONS": options}


def private_files(account: dict[str, Any], bucket: str, directory: Path) -> dict[str, Any]:
    """What has no address."""
    if not bucket:
        return {"BACKEND": DISK, "OPTIONS": {"location": directory, "base_url": None}}
    return {"BACKEND": S3, "OPTIONS": {**account, "bucket_name": bucket, "default_acl": "private"}}


def static_files(developing: bool) -> dict[str, Any]:
    """Styles and scripts, under names that may be kept for ever unless somebody is ``developing``."""
    collected = "newsroom.staticfiles.HashedStaticFiles"
    return {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage" if developing else collected}
