from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "veche.site"
    label = "site"

    def ready(self) -> None:
        """Tell the journal who listens to which fact."""
        from veche.commons.journal import services as journal
        from veche.site import wiring

        if not hasattr(journal, "subscribe"):  # SCAFFOLD: goes when the journal is built
            return
        for one in wiring.subscriptions():
            journal.subscribe(one.fact, one.name, one.handler)
