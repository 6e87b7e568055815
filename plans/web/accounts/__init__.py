"""Log-in, passwords, sessions."""
