#!/bin/sh
# Stands in for the official image's entry point, as far as the suite uses it: POSTGRES_USER, POSTGRES_PASSWORD, POSTGRES_DB, POSTGRES_INITDB_ARGS, PGDATA,
# and arguments for the server. It runs as the user postgres; the first start makes the cluster and never listens before the password is set.
set -eu
case "${1-}" in -*) set -- postgres "$@" ;; esac
[ "${1-}" = postgres ] || exec "$@"
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  : "${POSTGRES_USER:=postgres}" "${POSTGRES_DB:=$POSTGRES_USER}" "${POSTGRES_INITDB_ARGS:=}"
  if [ -z "${POSTGRES_PASSWORD-}" ]; then
    echo "Expected POSTGRES_PASSWORD for a new cluster and found none." >&2
    exit 1
  fi
  secret=$(mktemp)
  printf '%s\n' "$POSTGRES_PASSWORD" >"$secret"
  # shellcheck disable=SC2086 -- several arguments
  initdb --username="$POSTGRES_USER" --pwfile="$secret" --auth=scram-sha-256 $POSTGRES_INITDB_ARGS
  rm "$secret"
  echo "host all all all scram-sha-256" >>"$PGDATA/pg_hba.conf"
  echo "listen_addresses = '*'" >>"$PGDATA/postgresql.conf"
  [ "$POSTGRES_DB" = postgres ] || printf 'create database "%s"\n' "$POSTGRES_DB" | postgres --single -D "$PGDATA" postgres >/dev/null
fi
exec "$@"
