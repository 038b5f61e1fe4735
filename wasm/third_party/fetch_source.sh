#!/usr/bin/env bash
# fetch_source.sh FOLDER PACKAGE...: unpacks Debian source packages as FOLDER/PACKAGE.
# Reads the machine's own Debian entries and asks the same mirrors for sources, through a private list and private
# state under FOLDER: the user's apt configuration is neither edited nor locked, and no root is needed.
set -euo pipefail
mkdir -p "$1"
folder=$(cd "$1" && pwd)
shift
codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
mkdir -p "$folder"/apt/{sources,lists/partial,cache/archives/partial}

# Of each format only Debian's own suites are taken (bookworm, bookworm-updates, bookworm-security) and only `main`:
# other people's repositories seldom have sources.
shopt -s nullglob
sed -s '$G' /etc/apt/sources.list.d/*.sources /dev/null |
  awk -v RS= -v ORS='\n\n' -v codename="$codename" '
    $0 ~ "(^|\n)Suites:[^\n]* " codename "([- \n/]|$)" && /(^|\n)Components:[^\n]* main( |\n|$)/ &&
    !/(^|\n)Enabled: *no/ { sub(/(^|\n)Types:[^\n]*/, "\nTypes: deb-src"); print }
  ' >"$folder/apt/sources/debian.sources"
cat /etc/apt/sources.lis[t] /etc/apt/sources.list.d/*.list /dev/null |
  awk -v codename="$codename" '
    $1 == "deb" && $0 ~ " " codename "(-updates|-security|/updates)? (.* )?main( |$)" { sub(/deb/, "deb-src"); print }
  ' >"$folder/apt/sources/debian.list"

apt_private=(
  -o Dir::Etc::sourcelist=/dev/null
  -o Dir::Etc::sourceparts="$folder/apt/sources"
  -o Dir::State::lists="$folder/apt/lists"
  -o Dir::Cache="$folder/apt/cache"
  -o APT::Sandbox::User=root   # the unprivileged download user may not enter a home folder
  -o Acquire::Retries=3
)
apt-get "${apt_private[@]}" -qq update
cd "$folder"
for package in "$@"; do
  rm -rf "$package" "$package"-[0-9]*/
  apt-get "${apt_private[@]}" -qq source "$package" >/dev/null
  mv "$package"-[0-9]*/ "$package"
done
