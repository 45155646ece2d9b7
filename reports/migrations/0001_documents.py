"""Numbered, frozen documents and what goes into them. Every table whole: a new database is laid in seconds."""

import campaign.identifiers
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('campaign', '0001_ground'),
    ]

    operations = [
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.UUIDField(default=campaign.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('campaign', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaign.campaign')),
                ('kind', models.CharField(choices=[('briefing', '简报'), ('circular', '督查通报'), ('exposure', '曝光清单'), ('summary', '年度总结')], max_length=12)),
                ('year', models.PositiveSmallIntegerField()),
                ('number', models.PositiveIntegerField(verbose_name='期号')),
                ('title', models.CharField(max_length=120)),
                ('facts', models.JSONField(default=dict)),
                ('fonts', models.JSONField(default=dict)),
                ('pdf', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaign.attachment')),
                ('docx', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaign.attachment')),
                ('issued_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('issued_at', models.DateTimeField()),
                ('corrects', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='reports.document')),
            ],
            options={
                'ordering': ['-year', '-number'],
                'constraints': [models.UniqueConstraint(fields=('campaign', 'kind', 'year', 'number'), name='document_number_once')],
            },
        ),
        migrations.CreateModel(
            name='Distribution',
            fields=[
                ('id', models.UUIDField(default=campaign.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('campaign', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaign.campaign')),
                ('name', models.CharField(max_length=60, verbose_name='单位或姓名')),
                ('address', models.EmailField(max_length=254, verbose_name='邮箱')),
                ('line', models.CharField(choices=[('report', '报'), ('send', '送'), ('issue', '发')], default='issue', max_length=8, verbose_name='行文方向')),
                ('order', models.PositiveSmallIntegerField(default=0)),
                ('is_active', models.BooleanField(default=True, verbose_name='在用')),
            ],
            options={
                'ordering': ['line', 'order', 'name'],
                'constraints': [models.UniqueConstraint(fields=('campaign', 'address'), name='distribution_once')],
            },
        ),
        migrations.CreateModel(
            name='Briefing',
            fields=[
                ('id', models.UUIDField(default=campaign.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('campaign', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaign.campaign')),
                ('kind', models.CharField(choices=[('briefing', '简报'), ('summary', '年度总结')], default='briefing', max_length=12)),
                ('period', models.CharField(max_length=8, verbose_name='哪一期')),
                ('first_day', models.DateField()),
                ('last_day', models.DateField()),
                ('round', models.PositiveSmallIntegerField(default=0, verbose_name='更正次数')),
                ('corrects', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='reports.briefing')),
                ('correction_note', models.CharField(blank=True, max_length=200, verbose_name='更正说明')),
                ('state', models.CharField(choices=[('draft', '草稿'), ('final', '已定稿'), ('issued', '已发')], default='draft', max_length=8)),
                ('title', models.CharField(max_length=80, verbose_name='标题')),
                ('facts', models.JSONField(default=dict)),
                ('facts_at', models.DateTimeField(null=True)),
                ('document', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='briefing', to='reports.document')),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['-last_day', '-round'],
                'constraints': [models.UniqueConstraint(fields=('campaign', 'period', 'round'), name='briefing_once_a_period')],
            },
        ),
        migrations.CreateModel(
            name='Circular',
            fields=[
                ('id', models.UUIDField(default=campaign.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('campaign', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaign.campaign')),
                ('kind', models.CharField(choices=[('circular', '督查通报'), ('exposure', '曝光清单')], max_length=12)),
                ('state', models.CharField(choices=[('draft', '草稿'), ('submitted', '待审批'), ('approved', '已批准'), ('issued', '已发')], default='draft', max_length=10)),
                ('title', models.CharField(max_length=80, verbose_name='标题')),
                ('first_day', models.DateField()),
                ('last_day', models.DateField()),
                ('codes', models.JSONField(default=list, help_text='codes of the findings an exposure names', verbose_name='点名的问题')),
                ('document', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='circular', to='reports.document')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_at', models.DateTimeField()),
                ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('approved_at', models.DateTimeField(null=True)),
                ('version', models.PositiveIntegerField(default=1)),
            ],
            options={
                'ordering': ['-created_at', '-id'],
                'indexes': [models.Index(fields=['campaign', 'state', 'created_at'], name='circular_by_state')],
            },
        ),
        migrations.CreateModel(
            name='Section',
            fields=[
                ('id', models.UUIDField(default=campaign.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('campaign', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaign.campaign')),
                ('briefing', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sections', to='reports.briefing')),
                ('kind', models.CharField(max_length=20)),
                ('title', models.CharField(max_length=60, verbose_name='标题')),
                ('body', models.TextField(blank=True, null=True, verbose_name='正文')),
                ('order', models.PositiveSmallIntegerField(default=0)),
                ('is_included', models.BooleanField(default=True, verbose_name='采用')),
            ],
            options={
                'ordering': ['order'],
            },
        ),
        migrations.CreateModel(
            name='Practice',
            fields=[
                ('id', models.UUIDField(default=campaign.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('campaign', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaign.campaign')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaign.unit')),
                ('title', models.CharField(max_length=60, verbose_name='标题')),
                ('body', models.TextField(verbose_name='做法')),
                ('state', models.CharField(choices=[('sent', '待选用'), ('used', '已选用'), ('kept', '留存')], default='sent', max_length=8)),
                ('briefing', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='practices', to='reports.briefing')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ['-at'],
            },
        ),
    ]
