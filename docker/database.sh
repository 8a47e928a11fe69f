#!/bin/sh
# Run once by the PostgreSQL image: the application's role owns its database and is no superuser.
set -eu
psql -v ON_ERROR_STOP=1 -v password="$DATABASE_PASSWORD" --username postgres <<'SQL'
CREATE ROLE bacyen LOGIN NOSUPERUSER PASSWORD :'password';
CREATE DATABASE bacyen OWNER bacyen;
SQL
