"""Plans as iCalendar (RFC 5545), for the calendars that people already have."""
