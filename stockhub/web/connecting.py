"""Where a platform sends people back who have authorised an account in the browser."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from stockhub.access.models import User
from stockhub.access.scopes import NotAllowedError, visible_account_ids
from stockhub.channels.connecting.browser_authorization import finish_authorization
from stockhub.channels.models import Account
from stockhub.values import DomainError


@require_GET
@never_cache
@login_required
def callback(request: HttpRequest, account: str) -> HttpResponse:
    """Ends an authorisation that this user began; whatever came of it is said on the account's page, or here for who has no such page."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - he is signed in
    found = Account.objects.filter(code=account, deleted_at=None).first()
    visible = visible_account_ids(user)
    if found is None or (visible is not None and found.pk not in visible):
        raise Http404
    try:
        tried = finish_authorization(account=found, user_id=user.pk, query=request.GET.dict())  # type: ignore[arg-type]  # one value each
    except NotAllowedError as error:
        return _told(request, found, error.message, status=403)
    except DomainError as error:
        return _told(request, found, error.message, status=400)
    if tried.ok:
        return _told(request, found, gettext("The account is authorised, and the connection works."))
    return _told(request, found, tried.message, status=502)


def _told(request: HttpRequest, account: Account, text: str, *, status: int = 200) -> HttpResponse:
    if request.user.is_staff and status != 403:
        messages.add_message(request, messages.SUCCESS if status == 200 else messages.ERROR, text)
        return redirect("admin:channels_account_change", account.pk)
    return HttpResponse(f"{account.code}: {text}\n", status=status, content_type="text/plain; charset=utf-8")
