"""The order of things: which step follows which on a night, and what a person can start by name."""

import os

from linewatch import chance

chance.comes_from(os.urandom)
