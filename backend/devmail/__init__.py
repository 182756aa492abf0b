"""/dev/mail/: the mails of a trial, read where the mail sink keeps them. Absent from a city's installation."""
