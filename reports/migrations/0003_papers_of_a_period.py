from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0002_circulars_and_naming_lists"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="briefing", name="briefing_once_a_week"),
        migrations.RenameField(model_name="briefing", old_name="week", new_name="period"),
        migrations.AlterField(
            model_name="briefing",
            name="period",
            field=models.CharField(max_length=8, verbose_name="哪一期"),
        ),
        migrations.AddField(
            model_name="briefing",
            name="kind",
            field=models.CharField(
                choices=[("briefing", "简报"), ("summary", "年度总结")], default="briefing", max_length=12
            ),
        ),
        migrations.AddConstraint(
            model_name="briefing",
            constraint=models.UniqueConstraint(
                fields=("campaign", "period", "round"), name="briefing_once_a_period"
            ),
        ),
        migrations.AlterModelOptions(name="briefing", options={"ordering": ["-last_day", "-round"]}),
        migrations.AlterField(
            model_name="document",
            name="kind",
            field=models.CharField(
                choices=[
                    ("briefing", "简报"),
                    ("circular", "督查通报"),
                    ("exposure", "曝光清单"),
                    ("summary", "年度总结"),
                ],
                max_length=12,
            ),
        ),
    ]
