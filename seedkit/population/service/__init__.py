"""What customers ask of the bank: cases, and what was said and done about them."""
