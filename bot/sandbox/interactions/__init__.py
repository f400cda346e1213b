"""What people do in the workspace, on its way to the app and back."""
