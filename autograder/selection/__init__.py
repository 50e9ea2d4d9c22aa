"""Which of the slow checks must run: those with an input that has changed since they last passed, and some of the others."""
