"""What happens when: the order of battle, timed events and rules, and the one place where parts meet."""
