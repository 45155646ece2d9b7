import campaign.identifiers
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("campaign", "0006_requests_are_counted_by_all"),
        ("inspections", "0005_the_board_reads_its_index"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SnapLink",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=campaign.identifiers.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("token", models.CharField(db_index=True, max_length=32)),
                ("name", models.CharField(max_length=60, verbose_name="贴在哪里")),
                ("is_open", models.BooleanField(default=False, verbose_name="开放")),
                ("created_at", models.DateTimeField()),
                (
                    "campaign",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="campaign.campaign",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inspections.place",
                        verbose_name="点位",
                    ),
                ),
            ],
            options={
                "ordering": ["created_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Sighting",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=campaign.identifiers.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("tile", models.CharField(blank=True, max_length=16, verbose_name="问题类别")),
                ("text", models.CharField(blank=True, max_length=200, verbose_name="说明")),
                ("where", models.CharField(blank=True, max_length=120, verbose_name="在哪里")),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "待审"), ("taken", "已采用"), ("declined", "未采用")],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("sent_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=120, verbose_name="理由")),
                (
                    "campaign",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="campaign.campaign",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "finding",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sightings",
                        to="inspections.finding",
                    ),
                ),
                (
                    "photo",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="campaign.attachment",
                    ),
                ),
                (
                    "link",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sightings", to="inspections.snaplink"
                    ),
                ),
            ],
            options={
                "ordering": ["sent_at", "id"],
            },
        ),
        migrations.AddConstraint(
            model_name="snaplink",
            constraint=models.UniqueConstraint(fields=("campaign", "token"), name="snap_token_once"),
        ),
        migrations.AddIndex(
            model_name="sighting",
            index=models.Index(fields=["campaign", "state", "sent_at"], name="sighting_by_state"),
        ),
    ]
