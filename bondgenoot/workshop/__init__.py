"""The trainers' workshop: check, make, try and publish content without programming; its words are in content/."""
