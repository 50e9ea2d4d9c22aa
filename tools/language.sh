#!/bin/sh
# The language of the machine among the folders of a built course, such as pt-BR; en where the course does not speak it.
# Usage: language.sh release
set -eu
wanted=${LC_ALL:-${LC_MESSAGES:-${LANG:-}}}
wanted=$(printf %s "${wanted%%[.@]*}" | tr _ -)
for folder in "$1/$wanted" "$1/${wanted%%-*}"*; do
    if [ -n "$wanted" ] && [ -f "$folder/00_start.ipynb" ]; then
        basename "$folder"
        exit
    fi
done
echo en
