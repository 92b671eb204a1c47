"""Addresses of the pages for workbooks; sending/urls.py includes them."""

from django.urls import path

from workplace.sending import uploads_views as uploads

urlpatterns = [
    path("round/<int:round_id>/<str:unit>/", uploads.UploadPage.as_view(), name="upload"),
    path("upload/<int:pk>/", uploads.UploadResult.as_view(), name="uploaded"),
    path("upload/<int:pk>/progress/", uploads.UploadProgress.as_view(), name="progress"),
    path("upload/<int:pk>/comparison/", uploads.UploadComparison.as_view(), name="comparison"),
    path("upload/<int:pk>/mend/<int:row>/", uploads.MendRow.as_view(), name="mend"),
    path("upload/<int:pk>/alias/", uploads.ConfirmAlias.as_view(), name="alias"),
    path("upload/<int:pk>/take/", uploads.TakeOver.as_view(), name="take"),
    path("upload/<int:pk>/aside/", uploads.SetAside.as_view(), name="set_aside"),
    path("upload/<int:pk>/again/", uploads.ReadAgain.as_view(), name="read_again"),
    path("upload/<int:pk>/file/<str:which>/", uploads.UploadFile.as_view(), name="upload_file"),
]
