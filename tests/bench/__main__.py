"""Everything that is measured, one after the other: `make bench`. Ratios and shares side by side, in one run."""

from tests.bench import importing, nearest

if __name__ == "__main__":
    nearest.main()
    print()
    importing.main()
