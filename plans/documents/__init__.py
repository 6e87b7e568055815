"""Documents: an official document as values, and its writers (văn bản, Nghị định 30/2020/NĐ-CP)."""
