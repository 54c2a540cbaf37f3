"""What was learnt from decisions, and how good it was."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from comments.models.comment import Comment


class Learner(models.Model):
    """The one learner: its packed state. Its row lock keeps two lessons from losing one."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    version = models.PositiveBigIntegerField(default=0, help_text="Raised with each change of the state.")
    state = models.BinaryField(default=bytes)
    lessons = models.PositiveBigIntegerField(default=0)
    threshold = models.FloatField(
        null=True, help_text="The lowest score that may hold as spam by itself; empty while none has earned it."
    )
    training = models.PositiveSmallIntegerField(default=0, help_text="Which pass is going on; 0: none.")
    reached = models.BigIntegerField(default=0, help_text="The last comment that this pass has behind it.")
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="comment_learner_is_one")]

    def __str__(self) -> str:
        return f"{self.lessons} lessons"


class Judgement(models.Model):
    """The score a comment had before a person decided, and what they decided."""

    comment = models.OneToOneField(Comment, models.CASCADE, primary_key=True, related_name="judgement")
    score = models.FloatField(help_text="How likely it was held to be spam, 0 to 1.")
    automatic = models.BooleanField(default=False, help_text="The score acted by itself.")
    is_spam = models.BooleanField(null=True, blank=True, help_text="What a person decided; empty until then.")
    judged_at = models.DateTimeField(null=True, blank=True)
    learnt = models.BooleanField(null=True, blank=True, help_text="What the learner was last told of it.")
    lesson = models.BinaryField(default=bytes, help_text="What telling it did, and of which words: to take it back.")

    class Meta:
        indexes = [models.Index(fields=["-judged_at"], name="comment_judged", condition=Q(is_spam__isnull=False))]

    def __str__(self) -> str:
        return f"{self.score:.2f}"
