"""The peer of `wit bench match`: pyahocorasick (Aho-Corasick in C) on the same queries and texts.

    match_pyahocorasick.py QUERIES TEXTS    one query or text a line; prints one JSON object

It is given its best case. Texts and queries are normalised before the clock runs (NFKC, case folded, words with one space
between them, '|' where a phrase ends), and every key has a space at both ends, so that the automaton itself finds word
boundaries and no match has to be thrown away. What is timed is `list(automaton.iter(text))` alone.
"""
import ctypes, gc, json, re, resource, sys, time, unicodedata

import ahocorasick

HARD = re.compile(r"[,;:!?()\[\]{}|\u2014\u2015]")
PARTS = re.compile(r"([^\W_]+)")


def normal(text):
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    parts = PARTS.split(text)  # gap, word, gap, word, ..., gap
    out = []
    for at in range(1, len(parts), 2):
        if at > 1:
            out.append(" | " if HARD.search(parts[at - 1]) else " ")
        out.append(parts[at])
    return " " + "".join(out) + " "


def lines(path):
    with open(path, encoding="utf-8", newline="\n") as file:
        return file.read().split("\n")[:-1]


def resident():
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * resource.getpagesize()


queries, texts = lines(sys.argv[1]), lines(sys.argv[2])
size = sum(len(text.encode()) + 1 for text in texts)
rows = {}
for row, query in enumerate(queries):
    rows.setdefault(normal(query), []).append(row)
keys, values = list(rows), list(rows.values())
texts = [normal(text) for text in texts]
gc.collect()
gc.freeze()

before, clock = resident(), time.process_time()
automaton = ahocorasick.Automaton(ahocorasick.STORE_INTS)
for number, key in enumerate(keys):
    automaton.add_word(key, number)
automaton.make_automaton()
build, memory = time.process_time() - clock, resident() - before

iter = automaton.iter
clock = time.process_time()
for text in texts:
    list(iter(text))
match = time.process_time() - clock

count = checksum = 0
for number, text in enumerate(texts):
    for _, key in iter(text):
        for row in values[key]:
            count += 1
            checksum += (number * 1000003 + row) ** 2
print(json.dumps({"build_seconds": build, "memory_bytes": memory, "match_seconds": match, "text_bytes": size,
                  "count": count, "checksum": checksum % 2**64, "version": getattr(ahocorasick, "__version__", "")}))
