from django.apps import AppConfig
from django.conf import settings


class NoticesConfig(AppConfig):
    name = "veche.commons.notices"
    label = "notices"

    def ready(self) -> None:
        """Equip this process; no connection is opened before the first mail."""
        from veche.commons.notices.adapters.mailers import mailer_from
        from veche.commons.notices.adapters.texting import gateway_from
        from veche.commons.notices.ports import EQUIPMENT

        EQUIPMENT.mailer = mailer_from(settings.CONFIG.mail_url, settings.CONFIG.mail_from)
        EQUIPMENT.sms = gateway_from(settings.CONFIG.sms_url, settings.CONFIG.sms_token)
