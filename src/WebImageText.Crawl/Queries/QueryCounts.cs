using System.Runtime.ExceptionServices;
using System.Text.Json;
using System.Threading.Channels;
using WebImageText.Crawl.Queries.Counting;
using WebImageText.Crawl.Queries.Wikipedia;

namespace WebImageText.Crawl.Queries;

/// <summary>
/// Counts dumps and page views into a folder of runs. What is counted is written down every few GB: a run that was stopped,
/// or killed, is taken up from there.
/// </summary>
internal sealed class QueryCounts
{
    private const long CheckpointBytes = 8L << 30;

    private readonly QueryListSettings _settings;
    private readonly Action<QueryListProgress> _progress;
    private readonly string[] _inputs;
    private readonly long[] _lengths;
    private State _state;
    private int _runs;

    public QueryCounts(QueryListSettings settings, Action<QueryListProgress> progress)
    {
        _settings = settings;
        _progress = progress;
        _inputs = [.. settings.Wikipedia, .. settings.PageViews];
        _lengths = [.. _inputs.Select(input => new FileInfo(input).Length)];
        Directory.CreateDirectory(settings.WorkFolder);
        _state = Resume();
    }

    /// <summary>What is known after each checkpoint.</summary>
    private sealed record State
    {
        public List<string> Inputs { get; init; } = [];
        public int File { get; init; }
        public long Offset { get; init; }
        public List<string> Runs { get; init; } = [];
        public long Articles { get; init; }
        public long Words { get; init; }
        public long Pairs { get; init; }
        public long UnreadablePages { get; init; }
        public long UnreadableViews { get; init; }
    }

    public PageTotals Totals => new(_state.Articles, _state.Words, _state.Pairs, _state.UnreadablePages);

    public long UnreadableViews => _state.UnreadableViews;

    /// <summary>Files of runs of "words", "pairs", "titles" or "views".</summary>
    public IEnumerable<string> Runs(string kind) =>
        _state.Runs.Where(run => run.StartsWith(kind, StringComparison.Ordinal)).Select(run => Path.Combine(_settings.WorkFolder, run));

    /// <summary>Counts what is not counted yet.</summary>
    public async Task CountAsync(CancellationToken stop)
    {
        var workers = Environment.ProcessorCount;
        // No more memory than the input can fill.
        var memory = Math.Min(_settings.Memory, (64L << 20) + _lengths.Sum() * 16);
        if (_state.File < _settings.Wikipedia.Count)
        {
            var counters = Enumerable.Range(0, workers).Select(_ => new PageCounter(memory / workers, NextRun)).ToArray();
            while (_state.File < _settings.Wikipedia.Count)
                await CountDumpAsync(counters, stop).ConfigureAwait(false);
        }
        while (_state.File < _inputs.Length)
            await CountViewsAsync(new TermCounter(memory / 2, () => NextRun("views")), stop).ConfigureAwait(false);
    }

    private async Task CountDumpAsync(PageCounter[] counters, CancellationToken stop)
    {
        var file = _state.File;
        await using var dump = DumpFile.Open(_inputs[file], counters.Length, Report(file));
        var reader = new DumpReader(dump, _inputs[file]);
        var free = Channel.CreateUnbounded<PageCounter>();
        foreach (var counter in counters)
            free.Writer.TryWrite(counter);
        Exception? fault = null;
        var (taken, saved) = (_state.Offset, _state.Offset);
        try
        {
            await Named(_inputs[file], () => reader.SkipToAsync(_state.Offset, stop)).ConfigureAwait(false);
            while (fault is null && await Named(_inputs[file], () => reader.NextAsync(stop)).ConfigureAwait(false) is { } batch)
            {
                var counter = await free.Reader.ReadAsync(stop).ConfigureAwait(false);
                taken = batch.End;
                _ = Task.Run(() =>
                {
                    try
                    {
                        counter.Add(batch, reader.Site);
                    }
                    catch (Exception error)
                    {
                        fault = error;
                    }
                    free.Writer.TryWrite(counter);
                }, CancellationToken.None);
                if (taken - saved < CheckpointBytes)
                    continue;
                await DrainAsync().ConfigureAwait(false);
                Checkpoint(counters, file, taken);
                saved = taken;
                foreach (var idle in counters)
                    free.Writer.TryWrite(idle);
            }
        }
        catch (OperationCanceledException)
        {
            await DrainAsync().ConfigureAwait(false);
            if (fault is null)
                Checkpoint(counters, file, taken);
            throw;
        }
        catch
        {
            await DrainAsync().ConfigureAwait(false);
            throw;
        }
        await DrainAsync().ConfigureAwait(false);
        if (fault is not null)
            ExceptionDispatchInfo.Throw(fault);
        Checkpoint(counters, file + 1, 0);

        async Task DrainAsync()
        {
            for (var left = counters.Length; left > 0; left--)
                await free.Reader.ReadAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    private async Task CountViewsAsync(TermCounter views, CancellationToken stop)
    {
        var (file, path) = (_state.File, _inputs[_state.File]);
        await using var stream = DumpFile.Open(path, Environment.ProcessorCount, Report(file));
        var read = await Named(path, () => Task.Run(() => PageViews.Add(new LineReader(stream, 4096), path, _settings.Language, views, stop), stop)).ConfigureAwait(false);
        views.Spill();
        _state = _state with { File = file + 1, UnreadableViews = _state.UnreadableViews + read.Unreadable };
        Save();
    }

    // Decoders know the byte, not the file.
    private static async Task<T> Named<T>(string path, Func<Task<T>> read)
    {
        try
        {
            return await read().ConfigureAwait(false);
        }
        catch (InvalidDataException broken) when (!broken.Message.Contains(path, StringComparison.Ordinal))
        {
            throw new InvalidDataException($"'{path}': {broken.Message.TrimEnd('.')}. Download it again.", broken);
        }
        catch (Exception broken) when (broken is EndOfStreamException or ZstdSharp.ZstdException)
        {
            throw new InvalidDataException($"'{path}': it is cut or damaged ({broken.Message}). Download it again.", broken);
        }
    }

    private static Task<bool> Named(string path, Func<Task> read) => Named(path, async () =>
    {
        await read().ConfigureAwait(false);
        return true;
    });

    private Action<long> Report(int file)
    {
        var (before, total, name) = (_lengths[..file].Sum(), _lengths.Sum(), Path.GetFileName(_inputs[file]));
        return done => _progress(new(before + done, total, $"reading {name}"));
    }

    private void Checkpoint(PageCounter[] counters, int file, long offset)
    {
        var totals = counters.Aggregate(default(PageTotals), (sum, counter) => sum + counter.Totals);
        foreach (var counter in counters)
            counter.Spill();
        _state = _state with
        {
            File = file,
            Offset = offset,
            Articles = _state.Articles + totals.Articles,
            Words = _state.Words + totals.Words,
            Pairs = _state.Pairs + totals.Pairs,
            UnreadablePages = _state.UnreadablePages + totals.Unreadable,
        };
        Save();
    }

    private string NextRun(string kind) =>
        Path.Combine(_settings.WorkFolder, $"{kind}.{Interlocked.Increment(ref _runs):D6}.run");

    private string StatePath => Path.Combine(_settings.WorkFolder, "counts.json");

    private void Save()
    {
        _state = _state with { Runs = [.. RunFiles()] };
        File.WriteAllText(StatePath + ".tmp", JsonSerializer.Serialize(_state));
        File.Move(StatePath + ".tmp", StatePath, overwrite: true);
    }

    private IEnumerable<string> RunFiles() =>
        Directory.EnumerateFiles(_settings.WorkFolder, "*.run").Select(run => Path.GetFileName(run)).Order(StringComparer.Ordinal);

    private State Resume()
    {
        List<string> inputs = [.. _inputs.Select((input, at) => $"{Path.GetFileName(input)} {_lengths[at]} {_settings.Language}")];
        var state = new State { Inputs = inputs };
        if (File.Exists(StatePath))
        {
            try
            {
                state = JsonSerializer.Deserialize<State>(File.ReadAllBytes(StatePath)) ?? state;
            }
            catch (JsonException broken)
            {
                throw new InvalidDataException($"'{StatePath}' is damaged: {broken.Message}. Delete the folder '{_settings.WorkFolder}'.", broken);
            }
            if (!state.Inputs.SequenceEqual(inputs))
                throw new InvalidDataException($"The folder '{_settings.WorkFolder}' holds the counts of other inputs. Delete it or name another one.");
        }
        foreach (var run in RunFiles().Except(state.Runs).ToList()) // after the last checkpoint: counted again
            File.Delete(Path.Combine(_settings.WorkFolder, run));
        if (state.Runs.Find(run => !File.Exists(Path.Combine(_settings.WorkFolder, run))) is { } missing)
            throw new InvalidDataException($"The folder '{_settings.WorkFolder}' has lost '{missing}'. Delete it.");
        _runs = state.Runs.Count == 0 ? 0 : state.Runs.Max(run => int.Parse(run.Split('.')[1], System.Globalization.CultureInfo.InvariantCulture));
        return state;
    }
}
