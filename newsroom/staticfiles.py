"""Static files under names that carry a hash of their content."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Hashes the paths inside ES modules too, so that ``import`` finds the hashed file."""

    support_js_module_import_aggregation = True
