from django.urls import path

from veche.commons.journal import views

app_name = "journal"
urlpatterns = [
    path("journal", views.journal, name="list"),
    path("journal/about.json", views.about, name="about"),
    path("journal/checkpoint", views.checkpoint, name="checkpoint"),
    path("journal/tile/<path:path>", views.tile, name="tile"),
    path("receipts", views.find, name="find-receipt"),
    path("receipts/<slug:code>", views.receipt, name="receipt"),
    path("receipts/<slug:code>.json", views.receipt_json, name="receipt-json"),
    path("receipts/<slug:code>.tlog-proof", views.receipt_proof, name="receipt-proof"),
]
