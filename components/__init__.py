"""What plugs into Rasa's engine. Empty on purpose: the encoder's worker imports this package and must stay small."""
