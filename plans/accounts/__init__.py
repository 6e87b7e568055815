"""Accounts: who acts (tài khoản, vai trò)."""
