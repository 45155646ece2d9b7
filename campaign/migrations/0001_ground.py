"""The ground: campaigns, units, people, posts, areas, files, mail and the log. Every table whole: a new database is laid in seconds."""

import campaign.identifiers
import django.contrib.auth.models
import django.contrib.auth.validators
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('contenttypes', '0002_remove_content_type_name'),
    ]

    operations = [
        migrations.CreateModel(
            name='User',
            fields=[
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('username', models.CharField(error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='email address')),
                ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                ('id', models.UUIDField(default=campaign.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=40, verbose_name='姓名')),
                ('phone', models.CharField(blank=True, max_length=20, verbose_name='电话')),
                ('initials', models.CharField(blank=True, max_length=20, verbose_name='拼音首字母')),
                ('password_changed_at', models.DateTimeField(blank=True, null=True)),
                ('is_password_temporary', models.BooleanField(default=False)),
                ('has_shortcuts', models.BooleanField(default=True, verbose_name='启用快捷键')),
                ('layouts', models.JSONField(default=dict, editable=False, help_text='how this person likes lists to look, by view')),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'user',
                'verbose_name_plural': 'users',
                'abstract': False,
            },
            managers=[
                ('objects', django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name='Campaign',
            fields=[
                ('id', models.UUIDField(default=campaign.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('code', models.SlugField(max_length=40, unique=True, verbose_name='代码')),
                ('name', models.CharField(default='全国文明城区创建', max_length=60, verbose_name='创建名称')),
                ('short_name', models.CharField(default='创城', max_length=12, verbose_name='简称')),
                ('district', models.CharField(max_length=40, verbose_name='地区')),
                ('office_name', models.CharField(default='区创城办', max_length=40, verbose_name='办公室名称')),
                ('office_full_name', models.CharField(blank=True, max_length=80, verbose_name='办公室全称')),
                ('layer_name', models.CharField(default='工程', max_length=12, verbose_name='顶层名称')),
                ('year', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(2000), django.core.validators.MaxValueValidator(2100)], verbose_name='年度')),
                ('cycle', models.CharField(blank=True, max_length=40, verbose_name='创建周期')),
                ('time_zone', models.CharField(default='Asia/Shanghai', max_length=40, verbose_name='时区')),
                ('stated_programs', models.PositiveIntegerField(blank=True, null=True, verbose_name='计划所称顶层数')),
                ('stated_projects', models.PositiveIntegerField(blank=True, null=True, verbose_name='计划所称项目数')),
                ('stated_tasks', models.PositiveIntegerField(blank=True, null=True, verbose_name='计划所称任务数')),
                ('adopted_by', models.CharField(blank=True, max_length=80, verbose_name='审议通过')),
                ('adopted_on', models.DateField(blank=True, null=True, verbose_name='通过日期')),
                ('notice_days', models.PositiveSmallIntegerField(default=7, validators=[django.core.validators.MaxValueValidator(60)], verbose_name='临期天数')),
                ('weekly_demand_limit', models.PositiveSmallIntegerField(default=5, verbose_name='每单位每周催办上限')),
                ('is_month_before_read_as_end', models.BooleanField(default=False, verbose_name='“11月前”读作11月底')),
                ('is_reward_laid_down', models.BooleanField(default=True, verbose_name='按“六定”检查任务（含定奖惩）')),
                ('reward_policy', models.TextField(blank=True, verbose_name='奖惩办法')),
                ('pinned_on', models.DateField(blank=True, help_text='只用于演示：把“今天”固定在这一天。', null=True, verbose_name='演示日期')),
                ('is_demo', models.BooleanField(default=False, verbose_name='演示数据')),
                ('is_active', models.BooleanField(default=True, verbose_name='在用')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name='RequestCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=120)),
                ('window', models.PositiveBigIntegerField()),
                ('count', models.PositiveIntegerField(default=0)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('key', 'window'), name='request_count_once')],
            },
        ),
        migrations.CreateModel(
            name='DeviceSession',
            fields=[
                ('id', models.UUIDField(default=campaign.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='device_sessions', to=settings.AUTH_USER_MODEL)),
                ('session_key', models.CharField(max_length=40, unique=True)),
                ('device', models.CharField(max_length=120)),
                ('address', models.GenericIPAddressField(null=True)),
                ('created_at', models.DateTimeField()),
                ('seen_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['-seen_at'],
            },
        ),
        migrations.CreateModel(
            name='PasswordMemory',
            fields=[
                ('id', models.UUIDField(default=campaign.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='old_passwords', to=settings.AUTH_USER_MODEL)),
                ('password', models.CharField(max_length=200)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ['-created_at'],
            },
        ),
        migrations.CreateModel(
            name='Unit',
            fields=[
                ('id', models.UUIDField(default=campaign.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('campaign', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaign.campaign')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='campaign.unit', verbose_name='上级单位')),
                ('kind', models.CharField(choices=[('department', '部门'), ('street', '街道'), ('community', '社区'), ('group', '工作组'), ('enterprise', '企业'), ('other', '其他')], default='department', max_length=12, verbose_name='类别')),
                ('name', models.CharField(max_length=60, verbose_name='名称')),
                ('short_name', models.CharField(blank=True, max_length=20, verbose_name='简称')),
                ('aliases', models.JSONField(blank=True, default=list, verbose_name='别名')),
                ('order', models.PositiveIntegerField(default=1000, verbose_name='排序')),
                ('is_active', models.BooleanField(default=True, verbose_name='在用')),
                ('search_text', models.CharField(blank=True, editable=False, max_length=400)),
            ],
            options={
                'ordering': ['order', 'name'],
                'indexes': [models.Index(fields=['campaign', 'kind', 'order'], name='unit_by_kind')],
                'constraints': [models.UniqueConstraint(fields=('campaign', 'name'), name='unit_name_once')],
            },
        ),
        migrations.CreateModel(
            name='ApiToken',
            fields=[
                ('id', models.UUIDField(default=campaign.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('campaign', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaign.campaign')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='api_tokens', to=settings.AUTH_USER_MODEL)),
                ('name', models.CharField(max_length=60, verbose_name='用途')),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('scope', models.CharField(choices=[('read', '只读'), ('write', '读写')], default='read', max_length=8, verbose_name='范围')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('expires_at', models.DateTimeField(verbose_name='到期')),
                ('last_used_at', models.DateTimeField(blank=True, null=True)),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.UUIDField(default=campaign.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('campaign', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaign.campaign')),
                ('sha256', models.CharField(max_length=64)),
                ('name', models.CharField(max_length=255)),
                ('content_type', models.CharField(max_length=100)),
                ('size', models.PositiveBigIntegerField()),
                ('file', models.CharField(max_length=200)),
                ('preview', models.CharField(blank=True, max_length=200)),
                ('thumb', models.CharField(blank=True, max_length=200)),
                ('width', models.PositiveIntegerField(null=True)),
                ('height', models.PositiveIntegerField(null=True)),
                ('taken_at', models.DateTimeField(null=True)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('campaign', 'sha256'), name='attachment_stored_once')],
            },
        ),
        migrations.CreateModel(
            name='LogEntry',
            fields=[
                ('id', models.UUIDField(default=campaign.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('campaign', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaign.campaign')),
                ('verb', models.CharField(max_length=40)),
                ('object_type', models.CharField(max_length=30)),
                ('object_id', models.UUIDField()),
                ('object_label', models.CharField(blank=True, max_length=200)),
                ('task_id', models.UUIDField(null=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('at', models.DateTimeField()),
                ('data', models.JSONField(default=dict)),
                ('reason', models.TextField(blank=True)),
                ('sequence', models.PositiveBigIntegerField(null=True)),
                ('digest', models.CharField(blank=True, max_length=64)),
            ],
            options={
                'ordering': ['-at', '-id'],
                'indexes': [models.Index(fields=['campaign', 'task_id', 'at'], name='log_of_task'), models.Index(fields=['campaign', 'object_id', 'at'], name='log_of_object'), models.Index(fields=['campaign', 'sequence'], name='log_chain')],
            },
        ),
        migrations.CreateModel(
            name='OutgoingMail',
            fields=[
                ('id', models.UUIDField(default=campaign.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('campaign', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaign.campaign')),
                ('key', models.CharField(help_text='what, about whom, for which occasion: the second copy fails', max_length=200)),
                ('kind', models.CharField(default='notice', max_length=20)),
                ('to_name', models.CharField(blank=True, max_length=60)),
                ('to_address', models.CharField(max_length=254)),
                ('to_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('subject', models.CharField(max_length=200)),
                ('text', models.TextField()),
                ('html', models.TextField(blank=True)),
                ('message_id', models.CharField(max_length=120)),
                ('about_id', models.UUIDField(help_text='the document or notice batch this mail carries', null=True)),
                ('state', models.CharField(choices=[('queued', '待发'), ('sending', '发送中'), ('sent', '已送出'), ('failed', '未送达'), ('unknown', '结果不明'), ('cancelled', '已放弃')], default='queued', max_length=10)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('due_at', models.DateTimeField()),
                ('leased_until', models.DateTimeField(null=True)),
                ('lease', models.UUIDField(null=True)),
                ('last_error', models.CharField(blank=True, max_length=400)),
                ('created_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['-created_at'],
                'indexes': [models.Index(fields=['state', 'due_at'], name='mail_due'), models.Index(fields=['campaign', 'about_id'], name='mail_about'), models.Index(fields=['campaign', 'created_at'], name='mail_by_day')],
                'constraints': [models.UniqueConstraint(fields=('campaign', 'key'), name='mail_key_once')],
            },
        ),
        migrations.CreateModel(
            name='CalendarEvent',
            fields=[
                ('id', models.UUIDField(default=campaign.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('campaign', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaign.campaign')),
                ('kind', models.CharField(choices=[('phase', '阶段'), ('assessment', '测评'), ('meeting', '会议'), ('other', '其他')], default='other', max_length=12, verbose_name='类别')),
                ('name', models.CharField(max_length=60, verbose_name='名称')),
                ('starts_on', models.DateField(verbose_name='开始')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='结束')),
                ('starts_at_time', models.TimeField(blank=True, null=True, verbose_name='时间')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='说明')),
            ],
            options={
                'ordering': ['starts_on', 'starts_at_time'],
                'indexes': [models.Index(fields=['campaign', 'starts_on'], name='event_by_day')],
            },
        ),
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.UUIDField(default=campaign.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('campaign', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaign.campaign')),
                ('kind', models.CharField(max_length=30)),
                ('title', models.CharField(max_length=120)),
                ('state', models.CharField(choices=[('waiting', '排队'), ('running', '进行中'), ('done', '完成'), ('failed', '未完成'), ('cancelled', '已取消')], default='waiting', max_length=10)),
                ('step', models.CharField(blank=True, max_length=80)),
                ('done', models.PositiveIntegerField(default=0)),
                ('total', models.PositiveIntegerField(default=0)),
                ('arguments', models.JSONField(default=dict)),
                ('result', models.JSONField(default=dict)),
                ('error', models.CharField(blank=True, max_length=400)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_at', models.DateTimeField()),
                ('started_at', models.DateTimeField(null=True)),
                ('finished_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['-created_at'],
            },
        ),
        migrations.CreateModel(
            name='PeriodicRun',
            fields=[
                ('id', models.UUIDField(default=campaign.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('campaign', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaign.campaign')),
                ('name', models.CharField(max_length=40)),
                ('period', models.CharField(max_length=20)),
                ('started_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(null=True)),
                ('result', models.JSONField(default=dict)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('campaign', 'name', 'period'), name='run_once_a_period')],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.UUIDField(default=campaign.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('campaign', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaign.campaign')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='campaign.unit')),
                ('role', models.CharField(choices=[('administrator', '系统管理员'), ('office', '创建办人员'), ('leader', '领导'), ('chief', '单位负责人'), ('liaison', '联络员'), ('inspector', '巡查员'), ('third_party', '第三方')], max_length=16, verbose_name='角色')),
                ('post', models.CharField(choices=[('principal', '主要领导'), ('deputy', '分管领导'), ('liaison', '联络员'), ('materials', '材料专员'), ('staff', '工作人员')], default='liaison', max_length=16, verbose_name='职务')),
                ('title', models.CharField(blank=True, help_text='政委, 指挥长, 组长: as the command names it', max_length=30, verbose_name='具体称谓')),
                ('valid_from', models.DateField(verbose_name='自')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='至')),
            ],
            options={
                'indexes': [models.Index(fields=['user', 'campaign'], name='membership_by_user'), models.Index(fields=['campaign', 'unit', 'post'], name='membership_by_post')],
                'constraints': [models.UniqueConstraint(fields=('campaign', 'unit', 'post', 'user', 'valid_from'), name='post_filled_once')],
            },
        ),
        migrations.CreateModel(
            name='Area',
            fields=[
                ('id', models.UUIDField(default=campaign.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('campaign', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaign.campaign')),
                ('code', models.CharField(max_length=24, verbose_name='编号')),
                ('name', models.CharField(max_length=60, verbose_name='名称')),
                ('kind', models.CharField(choices=[('area', '片区'), ('street', '街道'), ('grid', '网格')], default='area', max_length=8, verbose_name='类别')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='campaign.area')),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='campaign.unit', verbose_name='属地街道或社区')),
                ('order', models.PositiveIntegerField(default=1000, verbose_name='排序')),
                ('shape', models.JSONField(blank=True, help_text='GeoJSON geometry in WGS-84; without it the area is a cell of a plain grid', null=True, verbose_name='边界')),
            ],
            options={
                'ordering': ['order', 'code'],
                'constraints': [models.UniqueConstraint(fields=('campaign', 'code'), name='area_code_once')],
            },
        ),
        migrations.CreateModel(
            name='Program',
            fields=[
                ('id', models.UUIDField(default=campaign.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('campaign', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaign.campaign')),
                ('code', models.CharField(max_length=12, verbose_name='编号')),
                ('name', models.CharField(max_length=80, verbose_name='名称')),
                ('short_name', models.CharField(blank=True, max_length=20, verbose_name='简称')),
                ('lead_unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='campaign.unit', verbose_name='牵头领办单位')),
            ],
            options={
                'ordering': ['code'],
                'constraints': [models.UniqueConstraint(fields=('campaign', 'code'), name='program_code_once')],
            },
        ),
        migrations.CreateModel(
            name='MailPart',
            fields=[
                ('id', models.UUIDField(default=campaign.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('campaign', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaign.campaign')),
                ('mail', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='campaign.outgoingmail')),
                ('attachment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaign.attachment')),
                ('name', models.CharField(max_length=255)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.UUIDField(default=campaign.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('campaign', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaign.campaign')),
                ('membership', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='campaign.membership')),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('expires_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Stewardship',
            fields=[
                ('id', models.UUIDField(default=campaign.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('campaign', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaign.campaign')),
                ('kind', models.CharField(choices=[('leader', '区领导联片'), ('unit', '部门包抓'), ('cadre', '干部包联')], max_length=8, verbose_name='方式')),
                ('area', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='stewardships', to='campaign.area')),
                ('community', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='stewarded_by', to='campaign.unit')),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='stewardships', to='campaign.unit')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.CharField(blank=True, max_length=60, verbose_name='姓名职务')),
                ('valid_from', models.DateField(verbose_name='自')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='至')),
            ],
            options={
                'ordering': ['kind', 'valid_from', 'id'],
                'indexes': [models.Index(fields=['campaign', 'area'], name='steward_of_area')],
            },
        ),
        migrations.CreateModel(
            name='Project',
            fields=[
                ('id', models.UUIDField(default=campaign.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('campaign', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaign.campaign')),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='projects', to='campaign.program')),
                ('code', models.CharField(max_length=24, verbose_name='编号')),
                ('name', models.CharField(max_length=120, verbose_name='名称')),
            ],
            options={
                'ordering': ['code'],
                'constraints': [models.UniqueConstraint(fields=('campaign', 'code'), name='project_code_once')],
            },
        ),
    ]
