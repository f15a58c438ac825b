using System.Text;
using WebImageText.Curate.Dedup.Search;
using WebImageText.Tests.Shards;

namespace WebImageText.Tests.Curate.Dedup.Search;

public sealed class DescriptorFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(DescriptorElement.Bits32, 0)]
    [InlineData(DescriptorElement.Bits16, 1e-3)]
    public void Rows_notes_and_model_come_back(DescriptorElement element, double slack)
    {
        var rows = SomeRows.Of(100, 24, 1);
        Write("a.wdx", rows, element, "{\"hello\": 1}");

        using var file = DescriptorFile.Open(At("a.wdx"));
        var read = new float[100 * 24];
        file.Read(0, read);

        Assert.Equal((100L, 24, SomeRows.Model, element), (file.Count, file.Dimension, file.Model, file.Element));
        Assert.Equal("{\"hello\": 1}", Encoding.UTF8.GetString(file.Notes.Span));
        Assert.All(Enumerable.Range(0, 2400), at => Assert.Equal(rows[at / 24][at % 24], read[at], slack));
        Assert.False(File.Exists(At("a.wdx.tmp")));
    }

    [Fact]
    public void A_bare_file_is_read_with_the_dimension_that_is_given()
    {
        File.WriteAllBytes(At("a.f32"), [.. new float[] { 1, 0, 0, 1 }.SelectMany(BitConverter.GetBytes)]);

        using (var file = DescriptorFile.OpenBare(At("a.f32"), 2))
            Assert.Equal(2, file.Count);
        Assert.Contains("whole rows of 3", Assert.Throws<InvalidDataException>(() => DescriptorFile.OpenBare(At("a.f32"), 3)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_cut_and_every_changed_header_byte_is_refused_or_read_without_harm()
    {
        Write("a.wdx", SomeRows.Of(10, 8, 1), DescriptorElement.Bits32, "{}");
        var whole = File.ReadAllBytes(At("a.wdx"));
        foreach (var length in new[] { 0, 1, 79, 80, 4096, whole.Length - 1 })
        {
            File.WriteAllBytes(At("b.wdx"), whole[..length]);
            Assert.Throws<InvalidDataException>(() => DescriptorFile.Open(At("b.wdx")));
        }
        for (var at = 0; at < 80; at++)
        {
            var changed = whole.ToArray();
            changed[at] ^= 0x81;
            File.WriteAllBytes(At("b.wdx"), changed);
            try
            {
                using var file = DescriptorFile.Open(At("b.wdx"));
                file.Read(0, new float[file.Count * file.Dimension]);
            }
            catch (InvalidDataException)
            {
                continue;
            }
            Assert.True(at is >= 20 and < 24 or >= 32 and < 64, $"byte {at} was changed and nothing noticed");
        }
    }

    [Fact]
    public void A_row_that_is_no_descriptor_is_not_written()
    {
        using var writer = new DescriptorWriter(At("a.wdx"), SomeRows.Model, 2);
        writer.Add([0.6f, 0.8f]);

        Assert.Contains("row 1", Assert.Throws<InvalidDataException>(() => writer.Add([float.NaN, 0])).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(At("a.wdx")));
    }

    private void Write(string name, DescriptorMatrix rows, DescriptorElement element, string notes)
    {
        using var writer = new DescriptorWriter(At(name), rows.Model, rows.Dimension, element);
        for (var row = 0; row < rows.Count; row++)
            writer.Add(rows[row]);
        writer.Finish(Encoding.UTF8.GetBytes(notes));
    }

    private string At(string name) => Path.Combine(_folder.Path, name);
}
