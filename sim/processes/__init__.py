"""The processes that resolve a week, one file each: sentence, equation, code."""
