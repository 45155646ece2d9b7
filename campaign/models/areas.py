"""片区: the district's own cut of its ground, and who answers for which piece (D6, D11, D16, D21, D22)."""

from django.db import models

from campaign.models.base import CampaignRow
from campaign.models.people import Unit, User


class Area(CampaignRow):
    """A piece of ground with a chief: a 片区, a street's ground, or a grid cell below one."""

    unit_path = ""

    class Kind(models.TextChoices):
        AREA = "area", "片区"
        STREET = "street", "街道"
        GRID = "grid", "网格"

    code = models.CharField("编号", max_length=24)
    name = models.CharField("名称", max_length=60)
    kind = models.CharField("类别", max_length=8, choices=Kind.choices, default=Kind.AREA)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    unit = models.ForeignKey(
        Unit, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="属地街道或社区"
    )
    order = models.PositiveIntegerField("排序", default=1000)
    shape = models.JSONField(
        "边界",
        null=True,
        blank=True,
        help_text="GeoJSON geometry in WGS-84; without it the area is a cell of a plain grid",
    )

    class Meta:
        ordering = ["order", "code"]
        constraints = [models.UniqueConstraint(fields=["campaign", "code"], name="area_code_once")]

    def __str__(self) -> str:
        return self.name


class Stewardship(CampaignRow):
    """包抓: a leader for an area, a department for a community, a cadre for a village (D15, D16, D22)."""

    unit_path = ""

    class Kind(models.TextChoices):
        LEADER = "leader", "区领导联片"
        UNIT = "unit", "部门包抓"
        CADRE = "cadre", "干部包联"

    kind = models.CharField("方式", max_length=8, choices=Kind.choices)
    area = models.ForeignKey(Area, models.CASCADE, null=True, blank=True, related_name="stewardships")
    community = models.ForeignKey(Unit, models.CASCADE, null=True, blank=True, related_name="stewarded_by")
    unit = models.ForeignKey(Unit, models.CASCADE, null=True, blank=True, related_name="stewardships")
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    person = models.CharField("姓名职务", max_length=60, blank=True)
    valid_from = models.DateField("自")
    valid_to = models.DateField("至", null=True, blank=True)

    class Meta:
        ordering = ["kind", "valid_from", "id"]
        indexes = [models.Index(fields=["campaign", "area"], name="steward_of_area")]
