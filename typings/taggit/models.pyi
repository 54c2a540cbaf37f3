from typing import Any, ClassVar

from django.db import models

class TagBase(models.Model):
    name: models.CharField[str, str]
    slug: models.SlugField[str, str]
    objects: ClassVar[Any]
    class Meta:
        abstract = True

class ItemBase(models.Model):
    objects: ClassVar[Any]
    class Meta:
        abstract = True

class Tag(TagBase): ...
