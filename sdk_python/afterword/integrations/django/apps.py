"""The Django app."""

from django.apps import AppConfig


class AfterwordConfig(AppConfig):
    """Brings the table `afterword_outbox`, the command `afterword_relay` and the template tags."""

    name = "afterword.integrations.django"
    label = "afterword"
    verbose_name = "Afterword"
