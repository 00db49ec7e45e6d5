"""The worker that draws: every kind of picture and the function that makes a PNG of it.

Run as `python -m pictures.worker` by the studio.
"""

from __future__ import annotations

from pictures import pipe, reports_by, vote_result

KINDS: pipe.Makers = {"vote_result": vote_result.draw, "reports_by": reports_by.draw}

if __name__ == "__main__":
    pipe.main(KINDS)
