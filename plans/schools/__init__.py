"""Schools: whom it is about (trường, cơ quan quản lý, năm học)."""
