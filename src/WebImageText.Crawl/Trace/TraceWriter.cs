using System.Globalization;
using System.Text;
using WebImageText.Crawl.Archives;
using WebImageText.Crawl.Fetch;

namespace WebImageText.Crawl.Trace;

/// <summary>Keeps every exchange with the web in one WARC 1.1 file: request, response, and metadata with what became of it. Thread-safe.</summary>
/// <remarks>A file that is there is gone on with, after its last whole exchange. The name's <c>.gz</c> decides the form.</remarks>
public sealed class TraceWriter : IAsyncDisposable
{
    internal const string Fields = "application/warc-fields";

    private readonly WarcWriter _warc;
    private readonly FetchOptions _options;
    private readonly string _path;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly TaskCompletionSource<string> _broken = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private TraceWriter(WarcWriter warc, string path, FetchOptions options) => (_warc, _path, _options) = (warc, path, options);

    /// <param name="path">Of the file; its folder must be there.</param>
    /// <param name="options">How the web is asked.</param>
    /// <param name="now">For a new file's first record.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static async Task<TraceWriter> OpenAsync(string path, FetchOptions options, DateTimeOffset now, CancellationToken stop)
    {
        var end = File.Exists(path) ? await TraceIndex.WholeLengthAsync(path, stop).ConfigureAwait(false) : 0;
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, 1);
        file.SetLength(end);
        file.Position = end;
        var warc = new WarcWriter(file, path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase));
        if (end == 0)
        {
            warc.Add("warcinfo", now, Fields, Block(
                ("software", options.UserAgent.Split(' ')[0]), ("format", "WARC File Format 1.1"), ("robots", "rfc9309"), ("http-header-user-agent", options.UserAgent)),
                ("WARC-Filename", Path.GetFileName(path)));
            await warc.FlushAsync(stop).ConfigureAwait(false);
        }
        return new(warc, path, options);
    }

    /// <summary>Ends, with the reason in words, when the file cannot be written any more.</summary>
    public Task<string> Broken => _broken.Task;

    /// <summary>Keeps one exchange.</summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="result">How it ended.</param>
    /// <param name="asked">When it was sent.</param>
    /// <param name="took">Until the end of the answer.</param>
    public Task AddAsync(FetchRequest request, FetchResult result, DateTimeOffset asked, TimeSpan took) => WriteAsync(() =>
    {
        var target = ("WARC-Target-URI", (string?)Target(request));
        var id = _warc.Add("request", asked, "application/http;msgtype=request", Encoding.Latin1.GetBytes(Asked(request)), target);
        if (Answer(result) is { } answer)
            id = _warc.Add("response", At(result, asked), "application/http;msgtype=response", answer, target, ("WARC-Concurrent-To", id));
        _warc.Add("metadata", At(result, asked), Fields, Block(
            ("outcome", Outcome(result)), ("kind", request.Kind.ToString().ToLowerInvariant()), ("range", request.Range?.ToString()),
            ("reason", (result as FetchResult.Failed)?.Drop.Reason.Word()), ("detail", (result as FetchResult.Failed)?.Drop.Detail),
            ("fetchTimeMs", Math.Round(took.TotalMilliseconds).ToString(CultureInfo.InvariantCulture))), target, ("WARC-Concurrent-To", id));
    });

    /// <summary>Keeps why something was not asked for at all.</summary>
    public void AddRefusal(WebAddress address, Drop drop, DateTimeOffset at) => _ = WriteAsync(() => _warc.Add(
        "metadata", at, Fields, Block(("outcome", "refused"), ("reason", drop.Reason.Word()), ("detail", drop.Detail)), ("WARC-Target-URI", address.Href)));

    private async Task WriteAsync(Action add)
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            add();
            await _warc.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            _broken.TrySetResult($"The trace '{_path}' cannot be written: {fault.Message}");
        }
        finally
        {
            _turn.Release();
        }
    }

    // Without the fragment, which is never sent.
    private static string Target(FetchRequest request) => request.Address.Fragment is null ? request.Address.Href : request.Address.Href.Split('#')[0];

    private string Asked(FetchRequest request)
    {
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"GET {request.Address.PathAndQuery} HTTP/1.1\r\nHost: {request.Address.Authority}\r\n"));
        // What the request brings itself may be a key: that it was sent is kept, and not what it was.
        foreach (var (name, value) in RequestFields.Of(request with { Headers = [] }, _options).Concat(request.Headers.Select(field => KeyValuePair.Create(field.Key, "[kept out]"))))
            text.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        return text.Append("\r\n").ToString();
    }

    private static byte[]? Answer(FetchResult result) => result switch
    {
        FetchResult.Answer answer => ArchivedAnswer.Write(answer.Status, answer.Headers, answer.Body.Span),
        FetchResult.Redirect redirect => ArchivedAnswer.Write(redirect.Status, new([new("Location", redirect.To.Href)]), []),
        _ => null,
    };

    private static string Outcome(FetchResult result) => result switch
    {
        FetchResult.Answer => "answer",
        FetchResult.Redirect => "redirect",
        _ => "failed",
    };

    private static DateTimeOffset At(FetchResult result, DateTimeOffset asked) => result is FetchResult.Answer answer ? answer.At : asked;

    private static byte[] Block(params ReadOnlySpan<(string Name, string? Value)> fields)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in fields)
        {
            if (value is not null)
                text.Append(CultureInfo.InvariantCulture, $"{name}: {value.ReplaceLineEndings(" ")}\r\n");
        }
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        await _warc.DisposeAsync().ConfigureAwait(false);
        _turn.Release();
    }
}
