#!/bin/sh
# The disk image for macOS: built on macOS, after "python -m installer app", by "python -m installer macos".
# With a certificate:  FACEACCESS_IDENTITY="Developer ID Application: ..." sh installer/macos/dmg.sh VERSION
# and afterwards:      xcrun notarytool submit dist/FaceAccess-VERSION.dmg --keychain-profile PROFILE --wait
#                      xcrun stapler staple dist/FaceAccess-VERSION.dmg
set -e
version=$1
[ -n "$version" ] || { echo "usage: dmg.sh VERSION" >&2; exit 2; }
cd "$(dirname "$0")/../.."
app=dist/FaceAccess.app
[ -d "$app" ] || { echo "$app is missing: run python -m installer app first" >&2; exit 1; }
if [ -n "$FACEACCESS_IDENTITY" ]; then
  codesign --deep --force --options runtime --timestamp --entitlements installer/macos/entitlements.plist \
    --sign "$FACEACCESS_IDENTITY" "$app"
  codesign --verify --strict --deep "$app"
fi
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
cp -R "$app" "$stage/"
ln -s /Applications "$stage/Applications"
hdiutil create -volname "FaceAccess $version" -srcfolder "$stage" -ov -format ULMO "dist/FaceAccess-$version.dmg"
