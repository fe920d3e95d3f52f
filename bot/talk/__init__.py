"""What is heard and said in a Space, and what follows from it."""
