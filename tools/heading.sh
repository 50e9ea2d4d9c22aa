#!/bin/sh
# Prints a heading between the steps of a long run.
printf '\n== %s ==\n' "$1"
