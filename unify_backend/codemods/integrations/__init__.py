"""The check in other tools' configuration: texts, and the places where they are put."""
