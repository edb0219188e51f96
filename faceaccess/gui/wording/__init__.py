"""Words for the codes of the core; nothing else says them."""
