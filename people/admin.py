"""Admin screens of this room: staff accounts and byline profiles."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from pagecache.old_addresses import KeepsOldAddress
from people import access
from people.models import Author, Invitation, User
from people.registries import account_panels
from people.screens.access import access_urls
from people.screens.invitations import InvitationAdmin
from wastebin.desk import BinnedAdmin

admin.site.register(Invitation, InvitationAdmin)


@admin.register(Author)
class AuthorAdmin(KeepsOldAddress, BinnedAdmin):
    """Byline profiles."""

    list_display = ("name", "title", "active", "user")
    list_filter = ("active",)
    search_fields = ("name", "title")
    prepopulated_fields = {"slug": ("name",)}
    autocomplete_fields = ("portrait", "user")
    fields = ("name", "slug", "title", "bio", "portrait", "user", "active")

    def get_readonly_fields(self, request: HttpRequest, obj: Author | None = None) -> tuple[str, ...]:
        """Whose account a profile belongs to is said by those who may see accounts."""
        return () if request.user.has_perm("people.view_user") else ("user",)


class AddressAsUserName(forms.ModelForm[User]):
    """The address is also the user name, and must fit its column."""

    def clean_email(self) -> str:
        """Refuse an address longer than a user name may be."""
        address = str(self.cleaned_data["email"])
        most = User._meta.get_field("username").max_length or 0
        if len(address) > most:
            raise forms.ValidationError(_("At most %(most)d characters fit.") % {"most": most})
        return address


class StaffCreationForm(AddressAsUserName, AdminUserCreationForm[User]):
    """A new colleague: name, address, password."""

    class Meta:
        model = User
        fields = ("email", "name")

    def save(self, commit: bool = True) -> User:
        """The address is also the user name; everybody here is staff."""
        self.instance.username = self.cleaned_data["email"]
        self.instance.is_staff = True
        return super().save(commit)


class StaffChangeForm(AddressAsUserName, UserChangeForm[User]):
    """An existing colleague."""

    class Meta:
        model = User
        fields = ("email", "name", "password", "groups", "desk_mail")
        widgets = {"groups": forms.CheckboxSelectMultiple}


@admin.register(User)
class StaffAdmin(UserAdmin[User]):
    """Who may sign in, and in which roles."""

    form = StaffChangeForm
    add_form = StaffCreationForm
    list_display = ("email", "name", "roles", "is_active", "last_login")
    list_filter = ("groups", "is_active")
    search_fields = ("email", "name")
    ordering = ("email",)
    readonly_fields = ("may_sign_in",)
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("email", "name", "desk_mail", "password")}),
        (_("Roles"), {"fields": ("groups", "may_sign_in"), "description": _("A role says what somebody may do here.")}),
    )
    add_fieldsets = (
        (None, {"classes": ("wide",), "fields": ("email", "name", "usable_password", "password1", "password2")}),
    )

    def get_inlines(self, request: HttpRequest, obj: User | None) -> list[Any]:
        """What other rooms put on an account that exists."""
        return [*super().get_inlines(request, obj), *(account_panels if obj is not None else [])]

    def get_urls(self) -> list[Any]:
        """With a colleague's access, and closing an account."""
        return [*access_urls(self), *super().get_urls()]

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Only roles that allow nothing beyond one's own."""
        if db_field.name == "groups":
            kwargs["queryset"] = access.grantable(request.user).order_by("name")
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_queryset(self, request: HttpRequest) -> Any:
        """With the roles at hand."""
        return super().get_queryset(request).prefetch_related("groups")

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Keep the user name equal to the address."""
        obj.username = obj.email
        super().save_model(request, obj, form, change)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """The account of somebody who may do more is not for them: with password and address goes everything else."""
        above = obj is not None and access.is_above(obj, request.user)
        return super().has_change_permission(request, obj) and not above

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Accounts are deactivated, not deleted: their name stands in revisions and decisions."""
        return False

    @admin.display(description=_("may sign in"), boolean=True)
    def may_sign_in(self, user: User) -> bool:
        """Whether the account is open; verbs of their own close and open it."""
        return user.is_active

    @admin.display(description=_("roles"))
    def roles(self, user: User) -> str:
        """The groups, in words."""
        return ", ".join(group.name for group in user.groups.all()) or "–"
