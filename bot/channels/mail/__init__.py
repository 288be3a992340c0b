"""Mail: cards handed in at a mail server by SMTP, and what comes back from it."""
