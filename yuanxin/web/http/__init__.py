"""What every face shares about HTTP: headers, languages, errors, sessions, prebuilt front-end files."""
