"""Pages of checklists (phiếu kiểm tra): an office's questions for each criterion, in versions."""
