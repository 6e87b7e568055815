"""What is to be done, and what stands where."""
