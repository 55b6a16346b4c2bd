"""`python -m desktop`: the same as `vigie`."""

from desktop.cli import main

if __name__ == "__main__":
    main()
