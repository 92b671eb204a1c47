"""The key by which names of persons become tokens, the same for forms and workbooks."""

from django.conf import settings
from django.utils.crypto import salted_hmac


def person_key() -> bytes:
    """What `pipeline.read_sent` and `pipeline.read_values` are given: no record holds a name, and
    without this workplace's secret no token can be tied to one."""
    return salted_hmac(
        "workplace.records.persons", settings.SECRET_KEY, algorithm="sha256"
    ).digest()
