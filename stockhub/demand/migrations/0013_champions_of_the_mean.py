"""Champions of the mean, sMAPE, and what champions of sums learn. Columns are added as they are: Django would copy tables."""

from django.db import migrations, models

NAME = {"postgresql": "varchar(60) NOT NULL DEFAULT ''", "sqlite": "varchar(60) NOT NULL DEFAULT ''"}
CODE = {"postgresql": "varchar(20) NOT NULL DEFAULT ''", "sqlite": "varchar(20) NOT NULL DEFAULT ''"}
NUMBER = {"postgresql": "double precision NULL", "sqlite": "real NULL"}
FLAG = {"postgresql": "boolean NOT NULL DEFAULT false", "sqlite": "bool NOT NULL DEFAULT 0"}
BYTES = {"postgresql": "bytea NOT NULL DEFAULT ''::bytea", "sqlite": "BLOB NOT NULL DEFAULT X''"}
OBJECT = {
    "postgresql": "jsonb NOT NULL DEFAULT '{}'::jsonb",
    "sqlite": "text NOT NULL DEFAULT '{}' CHECK ((JSON_VALID(\"champion_errors\") OR \"champion_errors\" IS NULL))",
}
COLUMNS = (
    ("demand_champion", "mean_model", NAME),
    ("demand_champion", "mean_since_at", {"postgresql": "timestamp with time zone NULL", "sqlite": "datetime NULL"}),
    ("demand_champion", "mean_decision", CODE),
    ("demand_champion", "mean_score", NUMBER),
    ("demand_champion", "mean_floor_score", NUMBER),
    ("demand_modelaccuracy", "is_mean_champion", FLAG),
    ("demand_modelaccuracy", "smape", NUMBER),
    ("demand_leadtimecalibration", "champions_learned", BYTES),
    ("demand_leadtimecalibration", "champion_errors", OBJECT),
)
DECISIONS = [
    ("keep_incumbent", "Kept: no other is better by enough"),
    ("take_challenger", "Taken: better by enough, often enough"),
    ("fall_back_to_floor", "The floor: nothing beats the seasonal naive forecast"),
]


def add(apps, schema_editor):
    for table, name, kinds in COLUMNS:
        schema_editor.execute(f'ALTER TABLE "{table}" ADD COLUMN "{name}" {kinds[schema_editor.connection.vendor]}', params=None)


def drop(apps, schema_editor):
    for table, name, _kinds in COLUMNS:
        schema_editor.execute(f'ALTER TABLE "{table}" DROP COLUMN "{name}"', params=None)


class Migration(migrations.Migration):

    dependencies = [
        ("demand", "0012_by_hand"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(add, drop)],
            state_operations=[
                migrations.AddField(
                    model_name="champion",
                    name="mean_model",
                    field=models.CharField(blank=True, db_default="", default="", max_length=60, verbose_name="model of the mean"),
                ),
                migrations.AddField(
                    model_name="champion",
                    name="mean_since_at",
                    field=models.DateTimeField(null=True, verbose_name="mean since"),
                ),
                migrations.AddField(
                    model_name="champion",
                    name="mean_decision",
                    field=models.CharField(
                        blank=True, choices=DECISIONS, db_default="", default="", max_length=20, verbose_name="decision about the mean"
                    ),
                ),
                migrations.AddField(
                    model_name="champion",
                    name="mean_score",
                    field=models.FloatField(null=True, verbose_name="error of the mean"),
                ),
                migrations.AddField(
                    model_name="champion",
                    name="mean_floor_score",
                    field=models.FloatField(null=True, verbose_name="error of the floor"),
                ),
                migrations.AddField(
                    model_name="modelaccuracy",
                    name="is_mean_champion",
                    field=models.BooleanField(db_default=False, default=False, verbose_name="champion of the mean"),
                ),
                migrations.AddField(
                    model_name="modelaccuracy",
                    name="smape",
                    field=models.FloatField(
                        help_text="Twice the error over forecast and actual together, 0 to 2; nothing is chosen by it.",
                        null=True,
                        verbose_name="sMAPE",
                    ),
                ),
                migrations.AddField(
                    model_name="leadtimecalibration",
                    name="champions_learned",
                    field=models.BinaryField(db_default=b"", default=bytes, verbose_name="what champions learned"),
                ),
                migrations.AddField(
                    model_name="leadtimecalibration",
                    name="champion_errors",
                    field=models.JSONField(db_default={}, default=dict, verbose_name="errors of champions"),
                ),
                migrations.AlterField(
                    model_name="forecastsettings",
                    name="lead_time_forecaster",
                    field=models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="A slug, which no champion replaces; empty: the champions, and the first that is installed where there are none.",
                        max_length=60,
                        verbose_name="forecaster of lead-time demand",
                    ),
                ),
            ],
        ),
    ]
