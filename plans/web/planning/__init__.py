"""The plan pages: the editor, the preview, the downloads."""
