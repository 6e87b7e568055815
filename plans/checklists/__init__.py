"""Phiếu kiểm tra: questions of an office for each criterion, versioned; pinned when a campaign of visits starts."""
