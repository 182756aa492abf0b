from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('concerns', '0004_last_change'),
    ]

    operations = [
        migrations.AddField(
            model_name='category',
            name='keywords',
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name='category',
            name='position',
            field=models.PositiveSmallIntegerField(default=32000),
        ),
    ]
