"""Sign-in by password and by 企业微信."""

from __future__ import annotations

import secrets

from allauth.account.internal.flows.login import perform_login, perform_password_login, record_authentication
from allauth.account.models import Login
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yuanxin.web.accounts import wecom as wecom_port
from yuanxin.web.accounts.forms import SignInForm
from yuanxin.web.accounts.people import SimulatedPerson, active_staff, simulated_staff

STATE = "yuanxin.wecom.state"


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for number or phone and password; administrators meet their second factor next."""
    if request.user.is_authenticated:
        return redirect("web:home")
    form = SignInForm(request.POST or None, request=request)
    after = _safe_next(request)
    if request.method == "POST" and form.is_valid():
        return perform_password_login(request, {}, Login(user=form.user, redirect_url=after or None))
    has_wecom = wecom_port.port() is not None
    return render(
        request,
        "accounts/sign_in.html",
        {"form": form, "next": after, "has_wecom": has_wecom, "demo_staff": _demo_staff()},
        status=422 if form.is_bound else 200,
    )


def _demo_staff() -> list[SimulatedPerson]:
    return simulated_staff() if settings.YUANXIN_DEMO else []


@require_POST
def wecom(request: HttpRequest) -> HttpResponse:
    """Send the browser to 企业微信 with a state that only this session knows."""
    request.session[STATE] = secrets.token_urlsafe(16)
    back = request.build_absolute_uri(reverse("accounts:wecom_back"))
    return redirect(_port().authorise_address(redirect_to=back, state=request.session[STATE]))


@require_safe
def wecom_back(request: HttpRequest) -> HttpResponse:
    """Exchange the code that 企业微信 sent the browser back with."""
    state = request.session.pop(STATE, "")
    number = _port().number_of(request.GET.get("code", ""))
    user = active_staff(number) if number and state and secrets.compare_digest(state, _sent_state(request)) else None
    if user is None:
        return redirect("account_login")
    record_authentication(request, user, method="wecom")
    return perform_login(request, Login(user=user))


@require_http_methods(["GET", "HEAD", "POST"])
def wecom_simulator(request: HttpRequest) -> HttpResponse:
    """List the invented staff of the demo; one click is the answer of 企业微信."""
    port = _port()
    if not isinstance(port, wecom_port.Simulator):
        raise Http404
    if request.method == "POST":
        code = port.code_for(request.POST.get("number", ""))
        query = f"code={code}&state={request.POST.get('state', '')}"
        return HttpResponseRedirect(f"{reverse('accounts:wecom_back')}?{query}")
    context = {"people": simulated_staff(), "state": _sent_state(request)}
    return render(request, "accounts/wecom_simulator.html", context)


def _port() -> wecom_port.WorkWeChat:
    port = wecom_port.port()
    if port is None:
        raise Http404
    return port


def _sent_state(request: HttpRequest) -> str:
    return request.GET.get("state", "").encode("ascii", "replace").decode()[:64]


def _safe_next(request: HttpRequest) -> str:
    after = request.POST.get("next") or request.GET.get("next") or ""
    return after if url_has_allowed_host_and_scheme(after, allowed_hosts={request.get_host()}) else ""
