from django.urls import path
from tests.faults.crew import views

app_name = "crew"
urlpatterns = [path("crew/break", views.break_down, name="break"), path("crew/slow", views.slow, name="slow")]
