"""The Ministry's standards as data (bộ tiêu chuẩn): knows nobody else in the house."""
