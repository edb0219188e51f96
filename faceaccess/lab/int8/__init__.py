"""SFace computed in int8, measured beside float32; nothing of it decides."""
