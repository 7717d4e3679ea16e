"""Extracts the files of a wheel that match the given patterns: extract-wheel.py WHEEL FOLDER PATTERN...

A * in a pattern does not match a slash. Large files are flushed to disk, so that after the following rename a power cut
cannot lose a library's bytes.
"""

import os
import re
import shutil
import sys
import zipfile

wheel, folder, patterns = sys.argv[1], sys.argv[2], sys.argv[3:]
wanted = re.compile("|".join(re.escape(pattern).replace(r"\*", "[^/]*") for pattern in patterns))

with zipfile.ZipFile(wheel) as archive:
    for entry in archive.infolist():
        if entry.is_dir() or not wanted.fullmatch(entry.filename):
            continue
        if entry.filename.startswith("/") or ".." in entry.filename.split("/"):
            sys.exit(f"refused: {entry.filename} is outside the wheel")
        path = os.path.join(folder, entry.filename)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with archive.open(entry) as source, open(path, "wb") as target:
            shutil.copyfileobj(source, target, 1 << 22)
            if entry.file_size > 1 << 20:
                target.flush()
                os.fsync(target.fileno())
