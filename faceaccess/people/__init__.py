"""Use cases of the desk: enrolment and the directory of people."""
