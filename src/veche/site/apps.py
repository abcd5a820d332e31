from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "veche.site"
    label = "site"

    def ready(self) -> None:
        """Tell the journal which facts there are and who listens to them, and lend the floors below our voice."""
        from veche.kernel.voice import speak_with
        from veche.site import wiring

        wiring.inform_journal()
        speak_with(wiring.sentence)
