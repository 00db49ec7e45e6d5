"""`python -m simulator`: the simulator by itself."""

import sys

from simulator.standalone import main

sys.exit(main())
