using System.Text;
using CsCheck;
using WebImageText.Crawl.Queries;
using WebImageText.Crawl.Queries.Counting;

namespace WebImageText.Tests.Queries.Counting;

public sealed class TermCounterTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("terms").FullName;
    private int _runs;

    // Few terms in several forms, so that most come again; so little memory that most of it goes through files.
    private static readonly Gen<string[]> Streams = Gen.Select(Gen.Int[0, 800], Gen.Int[0, 2]).Select((number, form) =>
        form == 0 ? $"Term{number}" : form == 1 ? $"term{number}" : $"TERM{number}").Array[0, 5000];

    [Fact]
    public void Any_stream_is_counted_exactly_in_any_amount_of_memory() => Gen.Select(Streams, Gen.Int[1, 300], Gen.Int[1, 3]).Sample((stream, kilobytes, workers) =>
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, $"{Interlocked.Increment(ref _runs)}")).FullName;
        var run = 0;
        var counters = Enumerable.Range(0, workers).Select(_ => new TermCounter(kilobytes << 10, () => Path.Combine(folder, $"{run++}"))).ToArray();
        for (var at = 0; at < stream.Length; at++)
            counters[at % workers].Add(TermCounter.HashOf(Encoding.UTF8.GetBytes(QueryFold.Of(stream[at]))), Encoding.UTF8.GetBytes(stream[at]));
        foreach (var counter in counters)
            counter.Spill();

        var merged = TermMerge.Merge(Directory.GetFiles(folder), QueryFold.Of, least: 3, new HashSet<string> { "term7" }).ToList();

        var expected = stream.GroupBy(QueryFold.Of).Where(term => term.Count() >= 3 || term.Key == "term7").Select(term => (Folded: term.Key, (ulong)term.Count(),
            term.GroupBy(form => form).OrderByDescending(form => form.Count()).ThenBy(form => form.Key, StringComparer.Ordinal).First().Key));
        Assert.Equal(expected.OrderBy(term => term.Folded, StringComparer.Ordinal),
            merged.OrderBy(term => term.Folded, StringComparer.Ordinal).Select(term => (term.Folded, term.Count, term.Written)));
        Assert.Equal(merged.OrderBy(term => term.Hash), merged);
        Directory.Delete(folder, recursive: true);
    }, iter: 60, threads: 1);

    [Fact]
    public void It_takes_no_more_memory_than_it_is_given()
    {
        foreach (var memory in (long[])[1 << 18, 1 << 20, 100_000_000])
            Assert.InRange(new TermCounter(memory, () => "").Memory, memory / 3, memory);
    }

    [Fact]
    public void A_count_that_outgrows_its_place_goes_on_in_another_run()
    {
        var counter = new TermCounter(1 << 18, () => Path.Combine(_folder, $"{_runs++}.run"));
        for (var time = 0; time < 3; time++)
            counter.Add(TermCounter.HashOf("dog"u8), "dog"u8, uint.MaxValue);
        counter.Spill();

        var term = Assert.Single(TermMerge.Merge(Directory.GetFiles(_folder), QueryFold.Of, 1, new HashSet<string>()));

        Assert.Equal(3ul * uint.MaxValue, term.Count);
    }

    [Fact]
    public void A_run_that_is_cut_is_refused_by_name()
    {
        var counter = new TermCounter(1 << 18, () => Path.Combine(_folder, "cut.run"));
        counter.Add(TermCounter.HashOf("dog"u8), "dog"u8);
        counter.Spill();
        File.WriteAllBytes(Path.Combine(_folder, "cut.run"), File.ReadAllBytes(Path.Combine(_folder, "cut.run"))[..^1]);

        var error = Assert.Throws<InvalidDataException>(() => TermMerge.Merge(Directory.GetFiles(_folder), QueryFold.Of, 1, new HashSet<string>()).ToList());

        Assert.Contains("cut.run", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
