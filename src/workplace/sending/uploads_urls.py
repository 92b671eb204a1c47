"""Addresses of the pages for workbooks; sending/urls.py includes them."""

from django.urls import path

from workplace.sending import mending_views as mending
from workplace.sending import reading_views as reading
from workplace.sending import uploads_views as uploads

urlpatterns = [
    path("round/<int:round_id>/<str:unit>/", uploads.UploadPage.as_view(), name="upload"),
    path("upload/<int:pk>/", reading.UploadResult.as_view(), name="uploaded"),
    path("upload/<int:pk>/progress/", reading.UploadProgress.as_view(), name="progress"),
    path("upload/<int:pk>/comparison/", reading.UploadComparison.as_view(), name="comparison"),
    path("upload/<int:pk>/mend/<int:row>/", mending.MendRow.as_view(), name="mend"),
    path("upload/<int:pk>/alias/", mending.ConfirmAlias.as_view(), name="alias"),
    path("upload/<int:pk>/take/", mending.TakeOver.as_view(), name="take"),
    path("upload/<int:pk>/aside/", mending.SetAside.as_view(), name="set_aside"),
    path("upload/<int:pk>/again/", mending.ReadAgain.as_view(), name="read_again"),
    path("upload/<int:pk>/file/<str:which>/", reading.UploadFile.as_view(), name="upload_file"),
]
