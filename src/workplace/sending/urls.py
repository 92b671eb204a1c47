"""Addresses of this app's pages."""

from workplace.sending import entry_urls, uploads_urls

app_name = "sending"
urlpatterns = [
    *uploads_urls.urlpatterns,
    *entry_urls.urlpatterns,
]
