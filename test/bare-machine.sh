#!/usr/bin/env bash
# Shows that `npx -y pnpm@12 start` works in a fresh clone on a bare machine: Debian with Node 20 or newer, npm and git;
# empty environment, empty home, empty caches; once as root below a closed home, once as a fresh ordinary user.
# Prints how long the first and the second start take, and checks that data is kept and nothing is left running.
#
#   sudo test/bare-machine.sh        PORT=8123 to use another port than the default
set -euo pipefail

repository=$(cd "$(dirname "$0")/.." && pwd)
user="mintmark-bare-$$"
port=${PORT:-8080}
path=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
cold_limit=90
warm_limit=5
home=""
group=""
copies_before=$(ls -d /var/lib/mintmark/postgresql-* 2>/dev/null || true)

say() { printf '%s\n' "$*"; }
fail() {
  say "FAILED: $*"
  exit 1
}

[ "$(id -u)" = 0 ] || fail "run this as root: it makes an account, and one of the two starts is root's"

# Only what has no default is in the environment: where programs are, and the home (su and sshd set it, too).
bare() {
  local command=(env -i "HOME=$home" "PATH=$path")
  [ "$port" = 8080 ] || command+=("PORT=$port")
  [ "$who" = root ] || command=(setpriv "--reuid=$who" "--regid=$who" --clear-groups "${command[@]}")
  (cd "$home/mintmark" && exec "${command[@]}" "$@")
}

now() { date +%s%N; }
answers() {
  node -e 'fetch(process.argv[1]).then((a) => process.exit(a.ok ? 0 : 1), () => process.exit(1))' "http://localhost:$port/readyz"
}

# Starts the server and sets $took to the milliseconds until it printed its address and answered there.
start() {
  local log=$1 began
  : >"$log"
  began=$(now)
  # A session of its own, so that its whole group gets the signal, as from a terminal's Ctrl-C.
  set -m
  bare npx -y pnpm@12 start >"$log" 2>&1 </dev/null &
  group=$!
  set +m
  until grep -q "http://localhost:$port" "$log"; do
    kill -0 "$group" 2>/dev/null || { cat "$log"; fail "the start ended without an address"; }
    [ $(($(now) - began)) -lt 300000000000 ] || { cat "$log"; fail "no address after 300 s"; }
    sleep 0.05
  done
  took=$((($(now) - began) / 1000000))
  answers || { cat "$log"; fail "an address was printed, but nothing answers there"; }
}

stop() {
  kill -INT "-$group"
  wait "$group" || true
  group=""
  for _ in $(seq 100); do
    running || return 0
    sleep 0.1
  done
  fail "something still runs after Ctrl-C: $(running)"
}

# The processes that were started from this home or work on its data.
running() {
  local base="$home"
  [ -z "$(elsewhere)" ] || base="$home|$(elsewhere)"
  pgrep -af -- "($base)/" | grep -v "^$$ "
}

# Where root's database lies, because its account cannot walk into the closed home.
elsewhere() { cat "$home/mintmark/data/database-folder" 2>/dev/null || true; }

clean() {
  [ -z "$group" ] || { kill -KILL "-$group" 2>/dev/null || true; }
  [ -z "$home" ] || {
    local database
    database=$(head -n 1 "$home/mintmark/data/postgres/postmaster.pid" "$(elsewhere)/postgres/postmaster.pid" 2>/dev/null |
      grep -E '^[0-9]+$' || true)
    [ -z "$database" ] || { kill -QUIT "$database" && sleep 1; }
    [ -z "$(elsewhere)" ] || rm -rf -- "$(elsewhere)"
    rm -rf -- "$home"
  }
  home=""
  # The programs that root's start copied are shared by all clones: only what was not there before goes.
  for copy in /var/lib/mintmark/postgresql-*; do
    [[ ! -e $copy || $copies_before == *"$copy"* ]] || rm -rf -- "$copy"
  done
  if id "$user" >/dev/null 2>&1; then userdel "$user"; fi
}
trap clean EXIT

prove() {
  who=$1
  say "== $who, $(stat -c '%A' "$home") $home"
  git clone --quiet --no-hardlinks "$repository" "$home/mintmark"
  [ "$who" = root ] || chown -R "$who:" "$home"

  start "$home/first.log"
  local cold=$took
  say "first start: $cold ms"
  local code=0
  bare npx -y pnpm@12 mintmark bootstrap --json >"$home/bootstrap.json" 2>"$home/bootstrap.log" || code=$?
  [ "$code" = 0 ] || { cat "$home/bootstrap.log"; fail "bootstrap ended with $code"; }
  stop

  start "$home/second.log"
  local warm=$took
  say "second start: $warm ms"
  ! grep -q "Building" "$home/second.log" || fail "the second start built the server again"
  code=0
  bare npx -y pnpm@12 mintmark bootstrap --json >"$home/again.json" 2>"$home/again.log" || code=$?
  [ "$code" = 3 ] || { cat "$home/again.log"; fail "the data was not kept: a second bootstrap ended with $code, not 3"; }
  stop

  [ "$cold" -le $((cold_limit * 1000)) ] || fail "the first start took more than $cold_limit s"
  [ "$warm" -le $((warm_limit * 1000)) ] || fail "the second start took more than $warm_limit s"
  say "data kept, nothing left running"
}

say "commit $(git -C "$repository" rev-parse --short HEAD), node $(node --version), npm $(npm --version), $(nproc) processors, load $(cut -d " " -f 1 /proc/loadavg)"

home=$(mktemp -d /root/mintmark-bare-XXXXXX)
prove root
clean

home="/home/$user"
useradd --create-home --user-group "$user"
prove "$user"
clean

say "2 passed, 0 failed"
