"""`python -m enfilade`."""

from enfilade.cli import main

main()
