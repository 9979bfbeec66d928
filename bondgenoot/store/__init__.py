"""The product's own database: people, commitments, follow-ups and what was seen before."""
