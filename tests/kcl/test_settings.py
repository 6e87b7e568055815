"""What the settings promise, read where no test has exchanged it."""

from kcl import settings as production


def test_passwords_are_hashed_with_argon2() -> None:
    assert production.PASSWORD_HASHERS[0] == "django.contrib.auth.hashers.Argon2PasswordHasher"


def test_sqlite_begins_each_transaction_as_a_writer_and_syncs_fully() -> None:
    if production.DATABASES["default"]["ENGINE"] != "django.db.backends.sqlite3":
        return
    options = production.DATABASES["default"]["OPTIONS"]

    assert options["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL;PRAGMA synchronous=FULL" in options["init_command"]


def test_the_office_is_called_as_the_installation_says() -> None:
    assert production.KCL_OFFICE_WORD == "Phòng GD&ĐT"
