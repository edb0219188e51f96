"""Decisions for the whole site: policies, schedules, absences."""
