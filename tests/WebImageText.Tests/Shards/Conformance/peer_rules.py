"""Reads a data set as img2dataset's and webdataset's users do, with Python's own modules, and checks row by row what those readers
rely on. Prints one line a rule; ends with 1 where one does not hold. Arguments: folder of shards, samples expected."""
import collections
import hashlib
import json
import os
import re
import sys
import tarfile

folder, expected = sys.argv[1], int(sys.argv[2])
names = sorted(os.listdir(folder))
stems = [name[:-4] for name in names if name.endswith(".tar")]
failed = []


def rule(table, row, holds, detail=""):
    print(f"{'ok' if holds else 'BROKEN'}  {table}: {row} {detail if not holds else ''}")
    if not holds:
        failed.append(row)


def members(path):
    with tarfile.open(path, "r:") as tar:
        return [(m, tar.extractfile(m).read() if m.isfile() else None) for m in tar]


def split(path):  # webdataset's base_plus_ext
    match = re.match(r"^((?:.*/|)[^.]+)[.]([^/]*)$", path)
    return match.groups() if match else (None, None)


def grouped(path):  # webdataset's group_by_keys
    current, samples = None, []
    for member, data in members(path):
        if not member.isfile() or re.match(r"__[^/]*__($|/)", member.name):
            continue
        key, ext = split(member.name)
        if key is None:
            continue
        ext = ext.lower()
        if current is None or key != current["__key__"]:
            current = {"__key__": key}
            samples.append(current)
        if ext in current:
            raise ValueError(f"{member.name}: duplicate extension")
        current[ext] = data
    return samples


# --- 3a: img2dataset's layout
rule("3a", "directory is flat: tar, parquet, _stats.json of each shard, and open_clip's sizes.json",
     set(names) == {"sizes.json"} | {f"{s}{e}" for s in stems for e in (".tar", ".parquet", "_stats.json")}, names)
rule("3a", "shards are zero-padded decimals of width 5, from 0", stems == [f"{n:05d}" for n in range(len(stems))], stems)
rule("3a", "a restart reads int(name.split('_')[0]) of every *_stats.json",
     [int(n.split("_")[0]) for n in names if n.endswith("_stats.json")] == list(range(len(stems))))
all_samples = []
for stem in stems:
    path = os.path.join(folder, stem + ".tar")
    files = members(path)
    samples = grouped(path)
    all_samples += samples
    stats = json.load(open(os.path.join(folder, stem + "_stats.json")))
    keys = [s["__key__"] for s in samples]
    k = len(keys[0]) - 5
    rule("3a", f"{stem}: key is shard_id * 10^k + row, of width k + 5",
         all(key == f"{int(stem) * 10**k + row:0{k + 5}d}" for row, key in enumerate(keys)), keys[:3])
    rule("3a", f"{stem}: members of a sample are image, json, txt in this order",
         [split(m.name)[1] for m, _ in files] == ["jpg", "json", "txt"] * len(samples))
    rule("3a", f"{stem}: header has mode 0444, bigdata, ids 0, ustar",
         all((m.mode, m.uname, m.gname, m.uid, m.gid) == (0o444, "bigdata", "bigdata", 0, 0) for m, _ in files))
    rule("3a", f"{stem}: statistics have img2dataset's fields, the sum of status_dict is count",
         list(stats) == ["count", "successes", "failed_to_download", "failed_to_resize", "duration", "start_time", "end_time", "status_dict"]
         and sum(stats["status_dict"].values()) == stats["count"] == stats["successes"] == len(samples), stats)
    raw = open(os.path.join(folder, stem + "_stats.json")).read()
    rule("3a", f"{stem}: statistics are json.dumps(indent=4)", raw == json.dumps(stats, indent=4))
    # --- 3b: webdataset's reading
    head = open(path, "rb").read()
    rule("3b", f"{stem}: plain ustar members, no PAX or GNU header", all(m.type == tarfile.REGTYPE and not m.pax_headers for m, _ in files))
    rule("3b", f"{stem}: first block says ustar at offset 257", head[257:262] == b"ustar")
    rule("3b", f"{stem}: mtime is 0", all(m.mtime == 0 for m, _ in files))
    rule("3b", f"{stem}: a member costs one block of header and its padding, nothing more",
         len(head) == -(-(sum(512 + -(-m.size // 512) * 512 for m, _ in files) + 1024) // 10240) * 10240)
    rule("3b", f"{stem}: two blocks of zeros end the archive", not any(head[-1024:]))
    rule("3b", f"{stem}: keys are of [0-9a-z_-], members of one key stand side by side, none is in-tar metadata",
         all(re.fullmatch(r"[0-9a-z_-]+", key) for key in keys) and max(collections.Counter(keys).values()) == 1
         and not any(m.name.startswith(("__", ".", "/")) for m, _ in files))
    rule("3b", f"{stem}: extensions are lower case and each once", all(sorted(s) == ["__key__", "jpg", "json", "txt"] for s in samples))
    sizes = json.load(open(os.path.join(folder, "sizes.json")))
    rule("3b", f"{stem}: a count stands outside of the tar, for what truncation hides", sizes[f"{stem}.tar"] == len(samples))

first = ["url", "caption", "key", "status", "error_message", "width", "height", "original_width", "original_height", "exif", "sha256"]
for sample in all_samples:
    row = json.loads(sample["json"])
    sample["row"] = row
rows = [s["row"] for s in all_samples]
rule("3a", "json has the columns in their order, then those of this program", all(list(r)[:11] == first for r in rows))
rule("3a", "json is json.dumps(indent=4), UTF-8", all(json.dumps(json.loads(s["json"]), indent=4).encode() == s["json"] for s in all_samples))
rule("3a", "txt is the caption in UTF-8", all(s["txt"].decode() == (s["row"]["caption"] or "") for s in all_samples))
rule("3a", "key of the json is that of the members", all(s["row"]["key"] == s["__key__"] for s in all_samples))
rule("3a", "status is success, error_message null", all((r["status"], r["error_message"]) == ("success", None) for r in rows))
rule("3a", "exif is a JSON string inside the JSON, or null", all(r["exif"] is None or isinstance(json.loads(r["exif"]), dict) for r in rows))
rule("3a", "sha256 is 64 digits of the bytes as served, stored_sha256 that of the member",
     all(re.fullmatch("[0-9a-f]{64}", r["sha256"]) for r in rows)
     and all(hashlib.sha256(s["jpg"]).hexdigest() == s["row"]["stored_sha256"] for s in all_samples))
rule("3a", "width and height are integers, of stored and original image",
     all(isinstance(r[c], int) for r in rows for c in ("width", "height", "original_width", "original_height")))
rule("3c", "uid is 32 hexadecimal digits, each once", all(re.fullmatch("[0-9a-f]{32}", r["uid"]) for r in rows) and len({r["uid"] for r in rows}) == len(rows))
rule("3c", "the first five samples have the same members", len({tuple(sorted(k for k in s if k != "row")) for s in all_samples[:5]}) == 1)
rule("all", "every sample is read", len(all_samples) == expected, len(all_samples))
sys.exit(1 if failed else 0)
