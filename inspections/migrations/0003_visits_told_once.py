from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inspections", "0002_orders_have_rules")]

    operations = [
        migrations.AddField(
            model_name="visit",
            name="sha256",
            field=models.CharField(
                blank=True,
                default="",
                help_text="of what was sent: another body is no repetition",
                max_length=64,
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="visit",
            name="photo_keys",
            field=models.JSONField(
                blank=True,
                default=dict,
                help_text="client ids of the photos the sender holds, by finding's client id",
            ),
        ),
        migrations.AddField(
            model_name="photo",
            name="visit_key",
            field=models.CharField(
                blank=True, default="", help_text="client id of the visit it waits for", max_length=64
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="photo",
            name="finding_key",
            field=models.CharField(blank=True, default="", max_length=64),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name="photo", index=models.Index(fields=["campaign", "visit_key"], name="photo_of_visit")
        ),
    ]
