// Makes src/WebImageText/Addresses/uts46.txt.gz from the files of one Unicode version:
//
//   dotnet run build/Uts46Table.cs -- FOLDER src/WebImageText/Addresses/uts46.txt.gz
//
// FOLDER holds IdnaMappingTable.txt (unicode.org/Public/idna) and DerivedBidiClass.txt, DerivedCombiningClass.txt,
// DerivedGeneralCategory.txt and DerivedJoiningType.txt (unicode.org/Public/VERSION/ucd/extracted).
//
// A line for each run of code points that are treated alike, in order: the first of them, then
//   -                            disallowed
//   i                            ignored
//   m 0061 0062                  mapped to these
//   v BIDI [JOINING] [M] [V]     valid: its bidirectional class, its joining type if any, whether it is a mark, a virama

using System.Globalization;
using System.IO.Compression;
using System.Text;

var (folder, target) = (args[0], args[1]);
var bidi = Read("DerivedBidiClass.txt", "L");
var joining = Read("DerivedJoiningType.txt", "U");
var category = Read("DerivedGeneralCategory.txt", "Cn");
var combining = Read("DerivedCombiningClass.txt", "0");
var treatment = new string[0x110000];
foreach (var (first, last, fields) in Lines("IdnaMappingTable.txt"))
    for (var code = first; code <= last; code++)
        treatment[code] = fields[0] switch
        {
            "disallowed" => "-",
            "ignored" => "i",
            "mapped" => $"m {fields[1]}",
            "valid" or "deviation" => $"v {bidi[code]}" + (joining[code] is "U" or "C" ? "" : $" {joining[code]}") +
                (category[code][0] == 'M' ? " M" : "") + (combining[code] == "9" ? " V" : ""),
            var other => throw new FormatException($"IdnaMappingTable.txt: unknown status '{other}' at {code:X4}."),
        };

var text = new StringBuilder();
for (var code = 0; code < treatment.Length; code++)
    if (code == 0 || treatment[code] != treatment[code - 1])
        text.Append(CultureInfo.InvariantCulture, $"{code:X4} {treatment[code]}\n");
using var file = new GZipStream(File.Create(target), CompressionLevel.SmallestSize);
file.Write(Encoding.ASCII.GetBytes(text.ToString()));

string[] Read(string name, string missing)
{
    var values = new string[0x110000];
    Array.Fill(values, missing);
    foreach (var (first, last, fields) in Lines(name))
        Array.Fill(values, fields[0], first, last - first + 1);
    return values;
}

IEnumerable<(int First, int Last, string[] Fields)> Lines(string name)
{
    foreach (var line in File.ReadLines(Path.Combine(folder, name)))
    {
        var fields = line.Split('#')[0].Split(';', StringSplitOptions.TrimEntries);
        if (fields.Length < 2)
            continue;
        var range = fields[0].Split("..");
        yield return (Code(range[0]), Code(range[^1]), fields[1..]);
    }
}

static int Code(string hex) => int.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
