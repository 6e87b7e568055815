"""Pages of the self-assessment council and the monitoring team (hội đồng tự đánh giá, tổ giám sát)."""
