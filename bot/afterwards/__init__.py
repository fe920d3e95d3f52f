"""What is done with a Space when it is over."""
