"""Ban hành: the page that issues a plan, issued documents with their files, the register of numbers."""
