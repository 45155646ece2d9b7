import inspections.models.days
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("campaign", "0004_areas"),
        ("inspections", "0003_visits_told_once"),
    ]

    operations = [
        migrations.AddField(
            model_name="finding",
            name="found_on",
            field=inspections.models.days.LocalDay(
                editable=False, help_text="found_at's day; what rates count by", null=True, of="found_at"
            ),
        ),
        migrations.AddIndex(
            model_name="finding",
            index=models.Index(fields=["campaign", "found_on", "unit", "stage", "is_relapse"], name="finding_by_rates"),
        ),
    ]
