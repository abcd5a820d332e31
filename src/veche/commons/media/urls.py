from django.urls import path, register_converter

from veche.commons.media import views
from veche.commons.media.terms import Size


class SizeConverter:
    """One of the sizes, `s`, `m` or `l`."""

    regex = "|".join(Size)

    def to_python(self, value: str) -> Size:
        """From the address."""
        return Size(value)

    def to_url(self, value: str) -> str:
        """Into the address."""
        return Size(value).value


register_converter(SizeConverter, "photo_size")

app_name = "media"
urlpatterns = [path("media/<uuid:photo_id>/<photo_size:size>.jpg", views.photo, name="photo")]
