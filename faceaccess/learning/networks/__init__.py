"""FaceNet's networks as its paper lays them out, a small one of ours, their costs and their graphs."""
