# One image for web, worker, beat and every command; it runs as nobody special and writes to its volumes alone.

FROM node:22-trixie-slim AS browser
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund

FROM python:3.11-slim-trixie AS python
# Base, and what an installation needs that keeps files in an S3 bucket.
COPY requirements/s3.txt /tmp/s3.txt
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --require-hashes --no-deps -r /tmp/s3.txt

FROM python:3.11-slim-trixie
# pg_dump and pg_restore for backups: their version is that of the postgres image in docker-compose.yml.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends postgresql-client-17 \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 sachstand \
    && useradd --uid 10001 --gid sachstand --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin sachstand \
    && install --directory --owner=sachstand --group=sachstand --mode=0700 /data/files /data/journal /data/beat /data/backups
WORKDIR /app
COPY --from=python /venv /venv
COPY --from=browser /build/node_modules node_modules
COPY . .
ENV PATH=/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=backend.settings.production \
    ATTACHMENTS_FOLDER=/data/files \
    ERASURE_JOURNAL=/data/journal/erasures.jsonl \
    PROMETHEUS_MULTIPROC_DIR=/tmp/metrics
# The keys of this line are made for it and gone with it: production settings start with none that are missing.
RUN key="build:$(head -c 32 /dev/urandom | base64)" \
    && export SECRET_KEY="$key" MASTER_KEYS="$key" INDEX_KEYS="$key" TOKEN_KEYS="$key" \
    DATABASE_URL=postgresql://nowhere/none REDIS_URL=redis://nowhere PUBLIC_URL=https://build.invalid \
    && python manage.py messages --compile \
    && python manage.py collectstatic --no-input --verbosity=0
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s CMD ["python", "-m", "backend.monitoring.probe"]
CMD ["gunicorn", "--config", "deploy/gunicorn.conf.py", "backend.wsgi:application"]
