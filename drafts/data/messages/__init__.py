"""Labelled messages, ham and spam, generated from templates, with hard cases on both sides."""
