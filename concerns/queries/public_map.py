"""The published matters on a map: GeoJSON made by the database, from what `queries/public.py` lets out."""

import json
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import F
from django.db.models.functions import TruncDate
from django.utils.translation import get_language

from common.clock import city_zone
from common.prepared import Given, fetched, with_gaps
from concerns.queries.public import (
    STATES,
    fitting,
    in_steps,
    public_state_seen,
    resolved,
    words_said,
)

# So many features a map gets at most.
MOST_ON_A_MAP = 2_000
# The names of a few categories and districts are written once, not with each of a thousand points.
MAP = """
WITH categories AS MATERIALIZED (
    SELECT id, json_build_object('slug', slug, 'name', {category})::text AS said FROM concerns_category
), districts AS MATERIALIZED (
    SELECT id, json_build_object('key', key, 'name', {district}, 'schematic', schematic)::text AS said
      FROM geography_district
)
SELECT count(*), coalesce(string_agg(
    '{{"type":"Feature","id":"' || found.key || '","geometry":{{"type":"Point","coordinates":['
    || found.lon || ',' || found.lat || ']}},"properties":{{"key":"' || found.key
    || '","category":' || coalesce(categories.said, 'null') || ',"district":' || coalesce(districts.said, 'null')
    || ',' || found.seen || ',"since":"' || found.since || '","reports":' || found.reports
    || ',"words":' || coalesce(to_json(found.said)::text, 'null') || '}}}}',
    ',' ORDER BY found.nth
) FILTER (WHERE found.nth <= {most}), '')
  FROM (SELECT row_number() OVER () AS nth, newest.* FROM ({newest}) AS newest) AS found
  LEFT JOIN categories ON categories.id = found.category_id
  LEFT JOIN districts ON districts.id = found.district
"""


def on_the_map(**filters: Any) -> tuple[str, bool]:
    """The newest matters that have a place as GeoJSON features, up to MOST_ON_A_MAP, and whether there are more.

    One statement, and one for a category or district; filters and refusals are those of `matching`. RFC 7946:
    longitude before latitude.
    """
    asked = resolved(**filters)
    language = get_language() or settings.LANGUAGE_CODE
    sql, gaps = map_query(tuple(sorted(asked)), language, MOST_ON_A_MAP)
    values = [gap.take(asked) for gap in gaps]
    ((count, features),) = fetched(connection, sql, values, keep_plan=False)
    return features, count > MOST_ON_A_MAP


@lru_cache(maxsize=200)
def map_query(names: tuple[str, ...], language: str, most: int) -> tuple[str, list[Given]]:
    placed = fitting({name: Given(name) for name in names}).filter(lat__isnull=False)
    labels = {
        state: f'"state":"{state}","state_label":{json.dumps(str(state.label), ensure_ascii=False)}'
        for state in STATES
    }
    rows = placed.annotate(
        seen=public_state_seen(labels),
        since=TruncDate("ticket__created_at", tzinfo=city_zone()),
        reports=in_steps("ticket__active_count"),
        said=words_said(),
        district=F("ticket__district_id"),
    ).order_by("-id")
    columns = (
        "id",
        "key",
        "lat",
        "lon",
        "category_id",
        "district",
        "seen",
        "since",
        "reports",
        "said",
    )
    newest = rows.values(*columns)[: most + 1]
    inner, gaps = with_gaps(connection, *newest.query.sql_with_params())
    name = f"coalesce(nullif(names->>'{language[:2]}', ''), nullif(names->>'{settings.LANGUAGE_CODE}', ''), '')"
    outer = MAP.format(category=name, district=name, most=most, newest=inner)
    return outer, gaps
