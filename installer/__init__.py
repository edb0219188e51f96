"""What hands the program out: packages, their signatures, the news of a version. No part of the program."""
