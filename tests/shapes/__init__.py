"""Every rule of the shapes fails where it should and stays silent where it should."""
