from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inspections", "0006_what_residents_show")]

    operations = [
        migrations.AddField(
            model_name="finding",
            name="measure",
            field=models.CharField(
                blank=True,
                default="",
                help_text="what keeps it from coming back (F7)",
                max_length=200,
                verbose_name="治本措施",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="photo",
            name="is_chosen",
            field=models.BooleanField(
                default=False, help_text="of several, the office chose it for the paper", verbose_name="印在单上"
            ),
        ),
        migrations.AddField(
            model_name="orderpolicy",
            name="is_finder_barred",
            field=models.BooleanField(default=False, verbose_name="谁发现的不由谁复查"),
        ),
    ]
