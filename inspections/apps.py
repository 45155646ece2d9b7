from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    name = "inspections"
    verbose_name = "巡查整改"

    def ready(self) -> None:
        from inspections import standing
        from tasks import summary
        from tasks.models import Task

        summary.FOLLOWERS[Task.Kind.RECTIFICATION] = standing.follow
