"""What the tables answer: functions that take a Connection and return records. They write nothing."""
