"""A copy of a home as it is at one moment, while nights run, and a home made from one again."""

from tasks.backup.making import backup
from tasks.backup.restoring import restore
from tasks.backup.wanted import Made

__all__ = ["Made", "backup", "restore"]
