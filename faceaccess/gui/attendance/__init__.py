"""Attendance: hours and days, schedules, absences, exports."""
