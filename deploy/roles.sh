#!/bin/sh
# Run once, by the postgres image, in an empty database: who owns the tables (sachstand_owner: migrations, restore) and
# who works with them (sachstand_app: web, worker, beat), so that the application can neither drop a trigger nor TRUNCATE.
set -eu
psql --no-psqlrc --set=ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
	--set=owner_password="$OWNER_PASSWORD" --set=app_password="$APP_PASSWORD" <<'SQL'
CREATE ROLE sachstand_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE sachstand_app LOGIN PASSWORD :'app_password';
ALTER DATABASE sachstand OWNER TO sachstand_owner;
ALTER SCHEMA public OWNER TO sachstand_owner;
GRANT USAGE ON SCHEMA public TO sachstand_app;
ALTER DEFAULT PRIVILEGES FOR ROLE sachstand_owner IN SCHEMA public
	GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO sachstand_app;
ALTER DEFAULT PRIVILEGES FOR ROLE sachstand_owner IN SCHEMA public
	GRANT USAGE, SELECT ON SEQUENCES TO sachstand_app;
SQL
