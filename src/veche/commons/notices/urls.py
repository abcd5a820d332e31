from django.urls import path

from veche.commons.notices import views

app_name = "notices"
urlpatterns = [
    path("cabinet/notices/", views.notices, name="list"),
    path("cabinet/notices/<uuid:notice_id>/", views.open_notice, name="open"),
    path("cabinet/notices/read", views.read_all, name="read-all"),
    path("cabinet/notices/mail", views.choose_mail, name="mail"),
    path("notices/unsubscribe/<str:token>", views.unsubscribe, name="unsubscribe"),
]
