"""What the languages of scripts share: command lines, programs, folders."""
