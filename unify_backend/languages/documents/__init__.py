"""What the languages of documents share: code blocks, labels, diagrams."""
