"""Whose a session is and what they may is what Django says, by fewer words."""

from typing import Any

import pytest
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser, Group, Permission
from django.test import Client

from people import roles
from people.models import User
from people.rights import Rights
from tests.conftest import Cast

pytestmark = pytest.mark.django_db

NOBODY_HAS = 2**62


def told(backend: ModelBackend, user: Any) -> list[set[str]]:
    """What a backend says of somebody it has not been asked about."""
    fresh = User.objects.get(pk=user.pk) if user.pk else user
    return [
        backend.get_user_permissions(fresh),
        backend.get_group_permissions(fresh),
        backend.get_all_permissions(fresh),
    ]


def test_everybody_may_what_django_says(cast: Cast) -> None:
    own = Permission.objects.get(codename="kill_article")
    both = User.objects.create_staff("both@example.org", "Both")
    both.groups.set(Group.objects.filter(name__in=[roles.EDITOR, roles.MODERATOR]))
    both.user_permissions.add(own)
    gone = User.objects.create_staff("gone@example.org", "Gone", is_active=False)
    gone.groups.add(Group.objects.get(name=roles.EDITOR))
    root = User.objects.create_staff("root@example.org", "Root", is_superuser=True)
    nobody = User.objects.create_staff("nobody@example.org", "Nobody")
    people = [*vars(cast).values(), both, gone, root, nobody, AnonymousUser()]
    assert [told(Rights(), person) for person in people] == [told(ModelBackend(), person) for person in people]
    assert told(Rights(), both)[0] == {"articles.kill_article"}, "the control: there is something to tell"
    assert told(Rights(), gone) == [set()] * 3


def test_nothing_is_held_of_one_object_alone(cast: Cast) -> None:
    assert cast.chief.has_perm("articles.publish_article")
    assert not cast.chief.has_perm("articles.publish_article", cast.editor)


def test_a_session_is_an_active_accounts_or_nobodys(cast: Cast) -> None:
    assert Rights().get_user(cast.editor.pk) == cast.editor
    assert Rights().get_user(NOBODY_HAS) is None
    User.objects.filter(pk=cast.editor.pk).update(is_active=False)
    assert Rights().get_user(cast.editor.pk) is None


def test_what_a_role_loses_is_lost_with_the_next_request(cast: Cast, client: Client) -> None:
    client.force_login(cast.editor)
    assert client.get("/admin/articles/article/").status_code == 200
    Group.objects.get(name=roles.EDITOR).permissions.clear()
    assert client.get("/admin/articles/article/").status_code == 403
    User.objects.filter(pk=cast.editor.pk).update(is_active=False)
    assert client.get("/admin/articles/article/").status_code == 302


def test_somebody_is_asked_about_once(cast: Cast, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(3):
        user = Rights().get_user(cast.editor.pk)
        assert user is not None
        assert user.has_perm("articles.view_article")
        assert not user.has_perm("people.add_user")
