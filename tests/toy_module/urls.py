from django.urls import path

from tests.toy_module import views

app_name = "lanterns"
urlpatterns = [path("lanterns", views.lanterns, name="list")]
