"""Ways of learning compared, and what adapting is worth: imported late, since torch comes along."""
