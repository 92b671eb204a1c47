"""Addresses of this app's pages."""

from django.urls import path

from workplace.approval import deciding, remarking, views

app_name = "approval"
urlpatterns = [
    path("sign/", views.ToSign.as_view(), name="to_sign"),
    path("accept/", views.Inbox.as_view(), name="to_accept"),
    path("<int:pk>/", deciding.OneReturn.as_view(), name="return"),
    path("<int:pk>/sign", deciding.Sign.as_view(), name="sign"),
    path("<int:pk>/back", deciding.GiveBack.as_view(), name="give_back"),
    path("<int:pk>/unlock", deciding.Unlock.as_view(), name="unlock"),
    path("<int:pk>/records/<int:record_pk>/", remarking.OneRecord.as_view(), name="record"),
    path("<int:pk>/remarks/", remarking.Remarks.as_view(), name="remarks"),
    path("remarks/<int:pk>/reply", remarking.Reply.as_view(), name="reply"),
]
