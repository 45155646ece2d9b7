from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inspections", "0004_what_rates_count_by")]

    operations = [
        migrations.RemoveIndex(model_name="finding", name="finding_by_rates"),
        migrations.AddIndex(
            model_name="finding",
            index=models.Index(fields=["campaign", "is_relapse", "found_on"], name="finding_relapsed"),
        ),
        migrations.AddIndex(
            model_name="finding",
            index=models.Index(
                fields=[
                    "campaign",
                    "found_on",
                    "stage",
                    "unit",
                    "source",
                    "joined_into",
                    "is_relapse",
                    "due_at",
                    "place_type",
                    "area",
                    "place",
                    "id",
                ],
                name="finding_by_rates",
            ),
        ),
    ]
