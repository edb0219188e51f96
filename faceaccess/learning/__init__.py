"""How networks learn from labelled photos: the only room, beside `vision.networks`, that is made of torch."""
