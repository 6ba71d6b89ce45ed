
import django.core.validators
import django.db.models.deletion
import stockhub.core.clock
import stockhub.core.fields
from django.db import migrations, models

from stockhub.core.migrating import CreateModels


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('catalog', '0006_clearance'),
        ('cycles', '0003_observed'),
    ]

    operations = [
        CreateModels(
            operations=[
                migrations.CreateModel(
                    name='LifecycleSettings',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('rule', models.CharField(blank=True, help_text='A slug; empty: the built-in rule.', max_length=60, verbose_name='rule')),
                        ('applies_defaults', models.BooleanField(default=True, help_text='Off: what a stage says of buying is shown and not applied.', verbose_name='stages decide about buying')),
                        ('updated_at', models.DateTimeField(default=stockhub.core.clock.now, verbose_name='updated')),
                    ],
                    options={
                        'verbose_name': 'life-cycle settings',
                        'verbose_name_plural': 'life-cycle settings',
                    },
                ),
                migrations.CreateModel(
                    name='StageFormula',
                    fields=[
                        ('digest', models.CharField(max_length=64, primary_key=True, serialize=False, verbose_name='digest')),
                        ('rule', models.CharField(max_length=60, verbose_name='rule')),
                        ('tree', models.JSONField(verbose_name='formula')),
                        ('labels', models.JSONField(default=dict, verbose_name='names of the evidence')),
                        ('recorded_at', models.DateTimeField(default=stockhub.core.clock.now, verbose_name='recorded')),
                    ],
                    options={
                        'verbose_name': 'formula of a life-cycle rule',
                        'verbose_name_plural': 'formulas of life-cycle rules',
                    },
                ),
                migrations.CreateModel(
                    name='StageDefault',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('is_replenished', models.BooleanField(default=True, help_text='Off: no shortage alert, nothing to order.', verbose_name='bought again')),
                        ('service_level', models.FloatField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(0.5), django.core.validators.MaxValueValidator(0.999)], verbose_name='service level')),
                        ('review_period_days', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1)], verbose_name='review period in days')),
                        ('updated_at', models.DateTimeField(default=stockhub.core.clock.now, verbose_name='updated')),
                        ('stage', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='default', to='catalog.stage', verbose_name='stage')),
                    ],
                    options={
                        'verbose_name': 'buying by stage',
                        'verbose_name_plural': 'buying by stage',
                    },
                ),
                migrations.CreateModel(
                    name='CategoryStage',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('since_on', models.DateField(help_text='The last day of the week whose evaluation settled it.', null=True, verbose_name='since')),
                        ('weeks_in_stage', models.PositiveSmallIntegerField(default=0, verbose_name='weeks in the stage')),
                        ('consecutive', models.PositiveSmallIntegerField(default=0, verbose_name='found so often in a row')),
                        ('reason', models.CharField(blank=True, max_length=60, verbose_name='why nothing was found')),
                        ('week_on', models.DateField(help_text='Its last day.', verbose_name='evaluated week')),
                        ('rule', models.CharField(max_length=60, verbose_name='rule')),
                        ('evidence', models.JSONField(default=dict, verbose_name='evidence')),
                        ('updated_at', models.DateTimeField(db_index=True, default=stockhub.core.clock.now, verbose_name='updated')),
                        ('sku_count', models.PositiveIntegerField(default=0, verbose_name='SKUs')),
                        ('category', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='stage_state', to='catalog.category', verbose_name='category')),
                        ('evaluated', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.stage', verbose_name='found last')),
                        ('stage', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.stage', verbose_name='stage')),
                        ('formula', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='lifecycle.stageformula', verbose_name='formula')),
                    ],
                    options={
                        'verbose_name': 'stage of a category',
                        'verbose_name_plural': 'stages of categories',
                    },
                ),
                migrations.CreateModel(
                    name='StageState',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('since_on', models.DateField(help_text='The last day of the week whose evaluation settled it.', null=True, verbose_name='since')),
                        ('weeks_in_stage', models.PositiveSmallIntegerField(default=0, verbose_name='weeks in the stage')),
                        ('consecutive', models.PositiveSmallIntegerField(default=0, verbose_name='found so often in a row')),
                        ('reason', models.CharField(blank=True, max_length=60, verbose_name='why nothing was found')),
                        ('week_on', models.DateField(help_text='Its last day.', verbose_name='evaluated week')),
                        ('rule', models.CharField(max_length=60, verbose_name='rule')),
                        ('evidence', models.JSONField(default=dict, verbose_name='evidence')),
                        ('updated_at', models.DateTimeField(db_index=True, default=stockhub.core.clock.now, verbose_name='updated')),
                        ('evaluated', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.stage', verbose_name='found last')),
                        ('formula', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='lifecycle.stageformula', verbose_name='formula')),
                        ('sku', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='stage_state', to='catalog.sku', verbose_name='SKU')),
                        ('stage', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.stage', verbose_name='stage')),
                    ],
                    options={
                        'verbose_name': 'stage of a SKU',
                        'verbose_name_plural': 'stages of SKUs',
                    },
                ),
                migrations.CreateModel(
                    name='CategorySum',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('first_sku_id', models.BigIntegerField(verbose_name='first SKU id')),
                        ('category_id', models.BigIntegerField(verbose_name='category')),
                        ('weekly', stockhub.core.fields.ArrayField(default=bytes, dtype='<f8', editable=False, verbose_name='units a week')),
                        ('sku_count', models.PositiveIntegerField(verbose_name='SKUs')),
                        ('cycle', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='category_sums', to='cycles.cycle', verbose_name='cycle')),
                    ],
                    options={
                        'verbose_name': "weekly sales of a category's chunk",
                        'verbose_name_plural': "weekly sales of categories' chunks",
                        'constraints': [models.UniqueConstraint(fields=('cycle', 'first_sku_id', 'category_id'), name='lifecycle_categorysum_once')],
                    },
                ),
                migrations.CreateModel(
                    name='StageChange',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('first', 'First stage'), ('changed', 'Changed'), ('pending', 'Another stage is found'), ('withdrawn', 'Found no longer'), ('stated', 'Stated in the catalog'), ('overridden', 'Set by hand'), ('reverted', 'Reverted')], max_length=12, verbose_name='what')),
                        ('week_on', models.DateField(help_text='The last day of the evaluated week; of what a person did, the day.', verbose_name='week')),
                        ('consecutive', models.PositiveSmallIntegerField(default=0, verbose_name='found so often in a row')),
                        ('needed', models.PositiveSmallIntegerField(default=0, verbose_name='so often are needed')),
                        ('rule', models.CharField(blank=True, help_text='Empty where a person did it.', max_length=60, verbose_name='rule')),
                        ('actor', models.CharField(max_length=150, verbose_name='who')),
                        ('note', models.CharField(blank=True, max_length=300, verbose_name='why')),
                        ('evidence', models.JSONField(default=dict, verbose_name='evidence')),
                        ('cycle_id', models.BigIntegerField(null=True, verbose_name='run')),
                        ('recorded_at', models.DateTimeField(default=stockhub.core.clock.now, verbose_name='recorded')),
                        ('evaluated', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.stage', verbose_name='found')),
                        ('sku', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='stage_changes', to='catalog.sku', verbose_name='SKU')),
                        ('stage_from', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.stage', verbose_name='from')),
                        ('stage_to', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.stage', verbose_name='to')),
                        ('formula', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='lifecycle.stageformula', verbose_name='formula')),
                    ],
                    options={
                        'verbose_name': 'change of a stage',
                        'verbose_name_plural': 'changes of stages',
                        'indexes': [models.Index(fields=['sku', '-recorded_at'], name='lifecycle_change_of_sku'), models.Index(condition=models.Q(('kind', 'changed')), fields=['recorded_at'], name='lifecycle_change_settled')],
                    },
                ),
                migrations.CreateModel(
                    name='StageOverride',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('until_on', models.DateField(help_text="The last day on which it holds, of the site's zone.", verbose_name='until')),
                        ('reason', models.CharField(max_length=300, verbose_name='why')),
                        ('set_by', models.CharField(editable=False, max_length=150, verbose_name='set by')),
                        ('set_at', models.DateTimeField(default=stockhub.core.clock.now, editable=False, verbose_name='set')),
                        ('ended_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='ended')),
                        ('ended_by', models.CharField(blank=True, editable=False, max_length=150, verbose_name='ended by')),
                        ('end_reason', models.CharField(blank=True, editable=False, max_length=300, verbose_name='ended because')),
                        ('updated_at', models.DateTimeField(db_index=True, default=stockhub.core.clock.now, editable=False, verbose_name='updated')),
                        ('replaced', models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.stage', verbose_name='instead of')),
                        ('sku', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='stage_overrides', to='catalog.sku', verbose_name='SKU')),
                        ('stage', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.stage', verbose_name='stage')),
                    ],
                    options={
                        'verbose_name': 'stage set by hand',
                        'verbose_name_plural': 'stages set by hand',
                        'indexes': [models.Index(condition=models.Q(('ended_at', None)), fields=['until_on'], name='lifecycle_override_due')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('sku',), name='lifecycle_override_one_a_sku')],
                    },
                ),
            ],
        ),
    ]
