"""Taking in one picture for a form that goes on to use it: the answer is JSON."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_POST

from images.admin_forms import UploadForm
from images.models import Image
from images.uploads import DuplicateImage, ImageRefused, add_image


@require_POST
def take_in(request: HttpRequest) -> JsonResponse:
    """POST ``file`` and its words: 201 with the picture, 200 with the one the library had, or 400 with ``error``."""
    if not request.user.has_perm("images.add_image"):
        raise PermissionDenied
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _refused(" ".join(str(message) for said in form.errors.values() for message in said))
    try:
        image = add_image(form.cleaned_data["file"], actor=request.user, **form.words())
    except DuplicateImage as known:
        return JsonResponse({**_described(known.existing), "known": True})
    except ImageRefused as refusal:
        return _refused(str(refusal))
    return JsonResponse(_described(image), status=201)


def _described(image: Image) -> dict[str, int | str]:
    return {"id": image.pk, "title": image.title, "alt": image.alt}


def _refused(words: str) -> JsonResponse:
    return JsonResponse({"error": words}, status=400)
