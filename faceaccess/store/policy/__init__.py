"""What was decided for the whole site: policies, schedules, absences."""
