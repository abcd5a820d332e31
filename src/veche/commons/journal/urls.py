from django.urls import path

from veche.commons.journal import views

app_name = "journal"
urlpatterns = [path("journal", views.journal, name="list")]
