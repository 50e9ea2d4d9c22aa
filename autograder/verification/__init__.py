"""Tests the tests: on right answers, known mistakes and automatic mutants."""
