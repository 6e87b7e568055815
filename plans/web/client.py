"""Where a request comes from: the address as far as the installation's own proxies vouch for it."""

from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.http import HttpRequest


def client_address_of(request: HttpRequest) -> str | None:
    """Return the client's IP address; None when there is none to tell (a Unix socket).

    Behind KCL_TRUSTED_PROXIES proxies, each of which appends to X-Forwarded-For, it is that many entries from
    the end; whatever stands before was written by the client itself and is not believed.
    """
    direct = _address(request.META.get("REMOTE_ADDR", ""))
    proxies = settings.KCL_TRUSTED_PROXIES
    if not proxies:
        return direct
    entries = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    forwarded = _address(entries[-proxies]) if len(entries) >= proxies else None
    return forwarded or direct


def _address(text: str) -> str | None:
    try:
        address = ip_address(text.strip())
    except ValueError:
        return None
    if isinstance(address, IPv6Address):
        if address.scope_id:  # says something on that machine alone, and PostgreSQL cannot store it
            return None
        return str(address.ipv4_mapped or address)
    return str(address)
