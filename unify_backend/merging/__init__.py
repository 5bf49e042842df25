"""Two trees side by side: what pairs with what, and how each pair differs."""
