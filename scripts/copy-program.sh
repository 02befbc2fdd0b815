#!/usr/bin/env bash
# copy-program.sh PROGRAM FOLDER: copies a program into FOLDER/bin, its libraries into FOLDER/lib and the loader to where the program
# looks for it: all that an image from scratch needs (with LD_LIBRARY_PATH=/lib).
set -eu

program=$1 folder=$2
libraries=$(ldd "$program")
if grep 'not found' <<<"$libraries" >&2; then exit 1; fi
mkdir -p "$folder/bin" "$folder/lib"
cp -L "$program" "$folder/bin/"
awk '$2 == "=>" && $3 ~ /^\// { print $3 }' <<<"$libraries" | xargs -r cp -L -t "$folder/lib"
loader=$(awk '$2 != "=>" && $1 ~ /^\// { print $1 }' <<<"$libraries")
mkdir -p "$folder/$(dirname "$loader")"
cp -L "$loader" "$folder/$loader"
