"""Second factors in a browser: an app's codes without script, passkeys with one; the pages in every look."""

import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Page, expect

from outbox import audit
from people import invitations
from people.models import User
from tests.browser.conftest import OpenPage
from tests.browser.visiting import axe, enter, looks, picture, sign_in
from tests.conftest import PASSWORD, Cast
from tests.factories import make_section

pytestmark = pytest.mark.django_db(transaction=True)

KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def code(secret: str, later: int = 0) -> str:
    """What the app shows now, or some half minutes later."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later)))


def confirm(page: Page) -> None:
    page.fill("input[name=password]", PASSWORD)
    page.get_by_role("button", name="Go on").click()


def leave(page: Page) -> None:
    page.goto("/admin/account/logout/")
    page.locator("main [type=submit]").click()
    page.wait_for_url("**/login/**")


def first_step(page: Page, user: User) -> None:
    page.goto("/admin/account/login/")
    page.fill("input[name=login]", user.email)
    page.fill("input[name=password]", PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_an_app_is_set_up_and_opens_the_desk_without_script(open_page: OpenPage, cast: Cast) -> None:
    page = open_page(script=False)
    sign_in(page, cast.editor.email)
    page.goto("/admin/account/factors/app/")
    confirm(page)
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    page.locator(".gate__key summary").click()
    secret = page.locator(".gate__key code").inner_text()
    page.fill("input[name=code]", code(secret))
    page.get_by_role("button", name="Set up").click()
    expect(page.locator(".gate__codes li")).to_have_count(10)
    leave(page)
    first_step(page, cast.editor)
    page.fill("input[name=code]", code(secret, 1))  # the next one: each counts once
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.locator("#user-tools")).to_contain_text("Edda Editor")


def test_a_passkey_opens_the_desk_alone_and_as_the_second_step(page: Page, cast: Cast) -> None:
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    sign_in(page, cast.editor.email)
    page.goto("/admin/account/factors/passkeys/add/")
    confirm(page)
    page.fill("input[name=name]", "This laptop")
    page.get_by_role("button", name="Add it").click()
    page.wait_for_url("**/codes/")
    page.goto("/admin/account/")
    expect(page.get_by_text("passkey: signs you in alone")).to_be_visible()
    leave(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/admin/")
    leave(page)
    first_step(page, cast.editor)
    page.get_by_role("button", name="Use a passkey instead").click()
    page.wait_for_url("**/admin/")


@pytest.mark.site
def test_the_pages_of_accounts_are_accessible_in_every_look(page: Page, cast: Cast) -> None:
    audit.record(cast.chief, "changed", make_section("Harbour"), changes={"name": ["City", "Harbour"]})
    row = invitations.invite("nina@example.org", "Nina New", [], actor=cast.administrator)
    joining = f"/admin/account/invitation/{invitations.secret_of(row)}/"
    enter(page, cast.administrator.email)
    page.goto("/admin/account/factors/app/")
    confirm(page)
    colleague = f"/admin/people/user/{cast.editor.pk}"
    pages = {
        "app": "/admin/account/factors/app/",
        "passkey": "/admin/account/factors/passkeys/add/",
        "account": "/admin/account/",
        "invitations": "/admin/people/invitation/",
        "invite": "/admin/people/invitation/add/",
        "access": f"{colleague}/access/",
        "deactivation": f"{colleague}/deactivation/",
        "history": "/admin/outbox/auditentry/",
        "history-of-one": f"{colleague}/history/",
        "joining": joining,
    }
    for name, address in pages.items():
        page.goto(address)
        for look in looks(page):
            assert axe(page) == [], (name, look)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (name, look)
            picture(page, f"people-{name}-{look}")
