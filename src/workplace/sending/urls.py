"""Addresses of this app's pages."""

from workplace.sending import entry_urls

app_name = "sending"
urlpatterns = [
    *entry_urls.urlpatterns,
]
