"""Counts words and pairs of words in a Wikipedia dump, slowly and plainly: what the list builder has to find.

    slow_count.py DUMP(.bz2) WORDS.tsv PAIRS.tsv    writes folded term, tab, count, tab, most frequent written form

Written apart from the builder, from the same rules: comments, references and the like go with their content, other tags
alone; templates and tables go; of links stays what a reader sees; two apostrophes or more are mark-up. A word is a run of
letters, marks and digits with a letter, with single apostrophes between letters; a final 's goes. A pair is two words with
only spaces between them.
"""
import bz2, collections, html.entities, re, sys, unicodedata
import xml.etree.ElementTree as tree

CONTENT = ("ref math chem gallery timeline code syntaxhighlight source score imagemap hiero templatedata graph mapframe maplink pre "
           "references style script").split()
BREAK = "br p div li ul ol dl dd dt table tr td th hr blockquote center".split()
GONE = "\ufffc"


def tags(text):
    text = re.sub(r"<!--.*?(-->|\Z)", "", text, flags=re.S)
    out, at = [], 0
    while True:
        tag = re.compile(r"<(/?)([A-Za-z]+)[^<>]*>").search(text, at)
        if not tag:
            return "".join(out) + text[at:]
        out.append(text[at:tag.start()])
        name, at = tag.group(2).lower(), tag.end()
        if name in BREAK:
            out.append("\n")
        if name in CONTENT and not tag.group(1) and not tag.group().endswith("/>"):
            end = re.compile(r"</%s(?![a-z])[^>]*(>|\Z)" % name, re.I).search(text, at)
            at = end.end() if end else at


def braces(text, opening, closing):
    pieces = [""]
    for piece in re.split(f"({opening}|{closing})", text, flags=re.M):
        if re.fullmatch(opening, piece):
            pieces.append(piece)
            pieces.append("")
        elif re.fullmatch(closing, piece) and len(pieces) > 1:
            pieces.pop()
            opened = pieces.pop()
            pieces[-1] += re.match(r"[ :\t]*", opened).group() + GONE
        else:
            pieces[-1] += piece
    return "".join(pieces)


def tables(text):
    # marks count as the first on their line: cut the text there first
    marks = list(re.finditer(r"(?m)^[ :\t]*(\{\||\|\})", text))
    stack, out, at = [], "", 0
    for mark in marks:
        if mark.start(1) < at:
            continue
        out += text[at:mark.start(1)]
        at = mark.end(1)
        if mark.group(1) == "{|":
            stack.append(len(out))
            out += "{|"
        elif stack:
            out = out[:stack.pop()] + GONE
        else:
            out += "|}"
    return out + text[at:]


def links(text, hidden):
    def seen(content):
        head = re.match(r"([^:|]+):", content)
        if head and head.group(1).strip().lower() in hidden:
            return ""
        return content.rsplit("|", 1)[-1] if "|" in content else content[1:] if content.startswith(":") else content

    pieces, at = [""], 0
    mark = re.compile(r"\[\[|\]\]|\[(?=https?://)|https?://[^ \t\n<>\[\]|{}\"]*|__[A-Z]+__")
    while True:
        found = mark.search(text, at)
        if not found:
            return "[[".join(pieces).replace("[[", "", len(pieces) - 1) + text[at:] if len(pieces) > 1 else pieces[0] + text[at:]
        pieces[-1] += text[at:found.start()]
        at = found.end()
        if found.group() == "[[":
            pieces.append("")
        elif found.group() == "]]":
            if len(pieces) > 1:
                content = pieces.pop()
                pieces[-1] += seen(content)
            else:
                pieces[-1] += "]"
                at -= 1
        elif found.group() == "[":
            label = re.compile(r"[^\]\n]*\]").match(text, at)
            if not label:
                pieces[-1] += "["
            elif " " in label.group():
                at += label.group().index(" ") + 1
            else:
                at = label.end()


def entity(found):
    name = found.group(1)
    if name.startswith("#"):
        value = int(name[2:], 16) if name[1] in "xX" else int(name[1:])
        return chr(value) if 0 < value < 0x110000 else found.group()
    return chr(html.entities.name2codepoint[name]) if name in html.entities.name2codepoint else found.group()


def plain(text, hidden):
    text = tables(braces(tags(text), r"\{\{", r"\}\}"))
    text = re.sub("''+", "", links(text, hidden))
    return re.sub(r"&(#[0-9]+|#[xX][0-9a-fA-F]+|[A-Za-z0-9]+);", entity, text)


LETTER = r"[^\W\d_]"
WORD = None


def kind(c):
    category = unicodedata.category(c)
    return "L" if category[0] == "L" else "M" if category[0] == "M" else "N" if category[0] == "N" else "-"


def words(text):
    """(word, follows the one before) of a plain text."""
    kinds = "".join(kind(c) for c in text)
    at, end = 0, None
    for run in re.finditer(r"[LMN]+(?:(?<=[LM])-(?=L)[LMN]+)*", kinds):
        # a hyphen in the kinds is any other character: it joins only where it is an apostrophe
        start = run.start()
        for joint in [m.start() for m in re.finditer("-", run.group())] + [len(run.group())]:
            stop = run.start() + joint
            if stop < run.end() and text[stop] in "'\u2019" and "L" in kinds[start:stop]:
                continue
            if "L" in kinds[start:stop] and len(text[start:stop].encode("utf-16-le")) // 2 <= 64:
                gap = None if end is None else text[end:start]
                follows = gap is not None and gap.strip(" ") == ""
                end = stop
                word = text[start:stop]
                if len(word) > 2 and word[-1] in "sS" and word[-2] in "'\u2019":
                    word = word[:-2]
                yield word, follows
            else:
                end = None
            start = stop + 1


def fold(word):
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", word).casefold()).replace("\u2019", "'")


def main(dump, words_out, pairs_out):
    counts = [collections.defaultdict(collections.Counter) for _ in range(2)]
    space = "{http://www.mediawiki.org/xml/export-0.10/}"
    hidden = {"file", "image", "category", "media"}
    totals = [0, 0]
    for _, node in tree.iterparse(bz2.open(dump)):
        if node.tag == space + "namespace" and node.get("key") in ("-2", "6", "14"):
            hidden.add(node.text.lower())
        if node.tag != space + "page":
            continue
        text = node.findtext(f"{space}revision/{space}text") or ""
        if node.findtext(space + "ns") != "0" or node.find(space + "redirect") is not None or text.lstrip().upper().startswith("#REDIRECT"):
            node.clear()
            continue
        before = None
        for word, follows in words(plain(unicodedata.normalize("NFC", text), hidden)):
            counts[0][fold(word)][word] += 1
            totals[0] += 1
            if follows:
                counts[1][fold(before) + " " + fold(word)][before + " " + word] += 1
                totals[1] += 1
            before = word
        node.clear()
    for table, path in zip(counts, (words_out, pairs_out)):
        with open(path, "w", encoding="utf-8") as out:
            for term in sorted(table):
                forms = table[term]
                best = min(forms, key=lambda form: (-forms[form], form.encode("utf-16-be")))
                out.write(f"{term}\t{sum(forms.values())}\t{best}\n")
    print(*totals)


main(*sys.argv[1:])
