"""One file per way in which a file can name a module or its path; see docs/adding-a-form.md."""
