"""What is served over HTTP: applications for any ASGI server, mountable in others."""
