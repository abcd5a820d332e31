from django.urls import path

from veche.commons.places import views

app_name = "places"
urlpatterns = [
    path("ground.svg", views.ground, name="ground"),
    path("places.geojson", views.shapes, name="shapes"),
    path("tiles/<int:z>/<int:x>/<int:y>", views.tile, name="tile"),
]
