"""FaceAccess: staff attendance and access by face recognition."""

__version__ = "0.1.0"
