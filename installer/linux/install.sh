#!/bin/sh
# Installs FaceAccess for everybody (as root, in /opt) or for this account alone (in ~/.local).
# "install.sh --remove" takes it away again and keeps the data; "--remove --with-data" takes this account's data too.
set -e
here=$(cd "$(dirname "$0")" && pwd)
if [ "$(id -u)" = 0 ]; then place=/opt/faceaccess bin=/usr/local/bin share=/usr/local/share
else place=$HOME/.local/opt/faceaccess bin=$HOME/.local/bin share=${XDG_DATA_HOME:-$HOME/.local/share}; fi

remove_program() {
  rm -rf "$place" "$bin/faceaccess" "$share/applications/faceaccess.desktop"
  rm -f "$share"/icons/hicolor/*/apps/faceaccess.png "$share/icons/hicolor/scalable/apps/faceaccess.svg"
}

if [ "$1" = --remove ]; then
  remove_program
  if [ "$2" = --with-data ]; then
    rm -rf "${XDG_DATA_HOME:-$HOME/.local/share}/FaceAccess" "${XDG_CONFIG_HOME:-$HOME/.config}/FaceAccess" \
      "${XDG_CACHE_HOME:-$HOME/.cache}/FaceAccess"
    echo "FaceAccess and the data of this account are gone."
  else
    echo "FaceAccess is gone; the data of this account are kept."
  fi
  exit 0
fi

remove_program
mkdir -p "$(dirname "$place")" "$bin" "$share/applications" "$share/icons"
cp -a "$here/faceaccess" "$place"
ln -sf "$place/faceaccess" "$bin/faceaccess"
cp -a "$here/share/icons/." "$share/icons/"
sed "s|^Exec=faceaccess|Exec=$bin/faceaccess|" "$here/share/applications/faceaccess.desktop" \
  > "$share/applications/faceaccess.desktop"
echo "FaceAccess is installed: start it from the menu, or with $bin/faceaccess"
