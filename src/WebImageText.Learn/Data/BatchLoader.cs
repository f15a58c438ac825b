using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using WebImageText.Curate.Pixels;
using WebImageText.Shards.Tar;
using static TorchSharp.torch;

namespace WebImageText.Learn.Data;

/// <summary>
/// Turns samples into batches on all cores while the trainer works on earlier ones. Batches are the same whatever the number of
/// threads: samples come in their order, the broken ones left out, and every variation is a function of seed and place.
/// </summary>
public sealed class BatchLoader : IAsyncDisposable
{
    // So many in a row are no accident: better an end with a reason than a search without one.
    private const int MostBrokenInARow = 5_000;

    private readonly LoaderOptions _options;
    private readonly Action<string, long[]> _tokenize;
    private readonly CropReader _reader;
    private readonly Channel<Task<Prepared>> _prepared;
    private readonly Channel<Batch> _batches;
    private readonly ConcurrentQueue<Batch> _free = [];
    private readonly SemaphoreSlim _buffers;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _work;
    private int _brokenInARow;

    /// <summary>Starts to read.</summary>
    /// <param name="samples">The samples, in order.</param>
    /// <param name="tokenize">Writes the tokens of a text, and zeros after its end; called from several threads.</param>
    /// <param name="options">How.</param>
    public BatchLoader(IAsyncEnumerable<StreamedSample> samples, Action<string, long[]> tokenize, LoaderOptions options)
    {
        (_options, _tokenize, _reader) = (options, tokenize, new(options.Side, maxPixels: options.MaxPixels));
        _prepared = Channel.CreateBounded<Task<Prepared>>(Math.Max(64, 4 * options.Workers));
        _batches = Channel.CreateUnbounded<Batch>();
        _buffers = new(options.Ready + 2); // one being filled, one with the trainer
        _work = Task.WhenAll(Task.Run(() => FeedAsync(samples)), Task.Run(CollectAsync));
    }

    /// <summary>What became of the samples so far.</summary>
    public LoaderCounts Counts { get; } = new();

    /// <summary>The next batch, when it is ready.</summary>
    public async ValueTask<Batch> NextAsync(CancellationToken stop)
    {
        try
        {
            return await _batches.Reader.ReadAsync(stop);
        }
        catch (ChannelClosedException closed) when (closed.InnerException is { } cause)
        {
            throw new IOException($"Reading the training set failed: {cause.Message}", cause);
        }
    }

    /// <summary>Stops reading and frees the buffers; batches must have been given back.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _work.ContinueWith(_ => { }, TaskScheduler.Default);
        while (_batches.Reader.TryRead(out var ready))
            ready.Free();
        while (_free.TryDequeue(out var spare))
            spare.Free();
        _stop.Dispose();
    }

    private async Task FeedAsync(IAsyncEnumerable<StreamedSample> samples)
    {
        using var workers = new SemaphoreSlim(_options.Workers);
        Exception? end = null;
        try
        {
            await foreach (var streamed in samples.WithCancellation(_stop.Token))
            {
                await workers.WaitAsync(_stop.Token);
                await _prepared.Writer.WriteAsync(Task.Run(() =>
                {
                    try
                    {
                        return Prepare(streamed);
                    }
                    finally
                    {
                        workers.Release();
                    }
                }), _stop.Token);
            }
        }
        catch (Exception fault)
        {
            end = fault;
        }
        _prepared.Writer.TryComplete(end);
        for (var at = 0; at < _options.Workers; at++)
            await workers.WaitAsync(); // the last ones still use it
    }

    private async Task CollectAsync()
    {
        try
        {
            while (true)
            {
                await _buffers.WaitAsync(_stop.Token);
                var batch = _free.TryDequeue(out var spare) ? spare
                    : new Batch(_options.Batch, _options.Side, _options.Context, _options.Pinned, GiveBack);
                for (var row = 0; row < _options.Batch;)
                    row += Place(await await _prepared.Reader.ReadAsync(_stop.Token), batch, row);
                Counts.AddGood(_options.Batch);
                await _batches.Writer.WriteAsync(batch, _stop.Token);
            }
        }
        catch (Exception fault)
        {
            _batches.Writer.TryComplete(fault);
        }
    }

    private int Place(Prepared sample, Batch batch, int row)
    {
        batch.After = sample.After;
        if (sample.Pixels is null || sample.Tokens is null)
        {
            Counts.AddBroken(sample.Fault ?? "unknown");
            return ++_brokenInARow < MostBrokenInARow ? 0 : throw new InvalidDataException(
                $"{MostBrokenInARow:N0} samples in a row are broken, the last one: {sample.Fault}. Look at the shards with 'wit shards verify'.");
        }
        _brokenInARow = 0;
        sample.Pixels.AsSpan(0, _reader.Bytes).CopyTo(batch.PixelsOf(row));
        ArrayPool<byte>.Shared.Return(sample.Pixels);
        System.Runtime.InteropServices.MemoryMarshal.AsBytes(sample.Tokens.AsSpan())
            .CopyTo(batch.Tokens.bytes[(row * _options.Context * sizeof(long))..]);
        batch.Captions[row] = sample.Caption;
        batch.Lengths[row] = sample.Tokens.AsSpan().LastIndexOfAnyExcept(0) + 1;
        return 1;
    }

    private Prepared Prepare(StreamedSample streamed)
    {
        if (streamed.Sample is not { } sample)
            return new(streamed.After, streamed.Fault);
        if (sample.Image is not { } image)
            return new(streamed.After, "no image");
        if (Caption(sample) is not { Length: > 0 } caption)
            return new(streamed.After, "no caption");
        var dice = new SeededDice(_options.Seed, (ulong)streamed.After.Epoch << 32 | (uint)streamed.After.Rank, (ulong)streamed.After.Position);
        var pixels = ArrayPool<byte>.Shared.Rent(_reader.Bytes);
        var square = pixels.AsSpan(0, _reader.Bytes);
        if (_reader.Read(image, (width, height) => _options.Augmentation.Choose(width, height, dice), square) is { } drop)
        {
            ArrayPool<byte>.Shared.Return(pixels);
            return new(streamed.After, drop.Reason.Word());
        }
        ColourChange.Apply(_options.Augmentation, dice, square);
        var tokens = new long[_options.Context];
        _tokenize(caption, tokens);
        return new(streamed.After, null, pixels, tokens, caption);
    }

    private string? Caption(Sample sample)
    {
        if (_options.JsonText is null)
            return sample.Text is { } text ? Encoding.UTF8.GetString(text.Span).Trim() : null;
        if (sample.Json is not { } json)
            return null;
        try
        {
            using var fields = JsonDocument.Parse(json);
            return fields.RootElement.TryGetProperty(_options.JsonText, out var field) && field.ValueKind == JsonValueKind.String
                ? field.GetString()?.Trim()
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private void GiveBack(Batch batch)
    {
        _free.Enqueue(batch);
        _buffers.Release();
    }

    private sealed record Prepared(SampleCursor After, string? Fault, byte[]? Pixels = null, long[]? Tokens = null, string Caption = "");
}
