from django.urls import include, path

urlpatterns = [path("", include("veche.commons.media.urls"))]
