import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('geography', '0002_address'),
    ]

    operations = [
        migrations.AddField(
            model_name='district',
            name='number',
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AddField(
            model_name='district',
            name='schematic',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='district',
            name='official',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='address',
            name='official',
            field=models.BooleanField(default=False),
        ),
        migrations.AlterField(
            model_name='address',
            name='district',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='addresses', to='geography.district'),
        ),
        migrations.RemoveIndex(
            model_name='address',
            name='address_search',
        ),
        migrations.AddIndex(
            model_name='address',
            index=models.Index(fields=['rank', 'search'], name='address_beginning', opclasses=['int2_ops', 'text_pattern_ops']),
        ),
        migrations.AddIndex(
            model_name='address',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.search.SearchVector('search', config='simple'), fastupdate=False, name='address_words'),
        ),
    ]
