"""The worker that writes files: every kind of file and the function that makes its bytes.

Run as `python -m papers.worker`, the way pictures are drawn.
"""

from __future__ import annotations

from papers import csv, geojson, json, xlsx
from pictures import pipe

KINDS: pipe.Makers = {
    "json": json.write,
    "csv": csv.write,
    "xlsx": xlsx.write,
    "geojson": geojson.write,
}

if __name__ == "__main__":
    pipe.main(KINDS)
