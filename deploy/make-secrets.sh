#!/bin/sh
# Makes deploy/.env with new secrets for deploy/compose.yml, readable by its owner only; never overwrites one.
# What cannot be made here (the address that people see, the key of your login) is left empty, to be filled in.
set -eu
file="$(dirname "$0")/.env"
if [ -e "$file" ]; then
    echo "$file is there already; remove it yourself if nothing was kept with its keys." >&2
    exit 1
fi
umask 077
{
    echo "POSTGRES_PASSWORD=$(openssl rand -hex 24)"
    echo "REDIS_PASSWORD=$(openssl rand -hex 24)"
    # A Fernet key: 32 bytes in URL-safe base64. Whoever loses it loses what people wrote: keep a copy elsewhere.
    echo "BONDGENOOT_DATA_KEY=$(openssl rand -base64 32 | tr '+/' '-_')"
    echo "BONDGENOOT_SESSION_KEY=$(openssl rand -hex 32)"
    echo "BONDGENOOT_AUTH_TOKEN=$(openssl rand -hex 32)"
    echo "BONDGENOOT_PUBLIC_URL="
    echo "BONDGENOOT_TOKEN_ISSUER="
    printf '%s\n' '# The public key of your login as one line, with \n for each line end.'
    echo "BONDGENOOT_TOKEN_KEY="
} >"$file"
echo "Made $file. Fill in what is empty, and keep a copy of BONDGENOOT_DATA_KEY elsewhere."
