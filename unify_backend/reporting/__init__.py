"""Results as text tables, JSON documents and patches; nothing here decides anything."""
