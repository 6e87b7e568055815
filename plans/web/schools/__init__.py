"""Schools as their own people and their office see them."""
