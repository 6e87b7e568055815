"""What goes out beside the document itself: packages of files, scanned paper, the copy for the public."""
