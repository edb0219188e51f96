"""Photos and screens at a door: turning the head, suspicions, the attack drill."""
