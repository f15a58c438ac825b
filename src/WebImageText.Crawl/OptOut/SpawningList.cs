using System.Globalization;
using System.Text.Json;
using System.Threading.Channels;
using WebImageText.Crawl.Fetch;

namespace WebImageText.Crawl.OptOut;

/// <summary>Where a list of opt-outs is asked.</summary>
/// <param name="Address">Of its API.</param>
/// <param name="Key">That it takes. Never stored.</param>
public sealed record SpawningOptions(WebAddress Address, string Key);

/// <summary>
/// Asks a list of opt-outs about the addresses of images before they are fetched: many at once, one request at a time, so that
/// a run costs it one request for up to 10,000 images.
/// </summary>
/// <remarks>
/// Spawning's API (opts-api.spawningaiapi.com, as its own client github.com/Spawning-Inc/datadiligence has it): POST of addresses,
/// one a line; <c>Authorization: API key</c>; answered with <c>{"urls": [{"url": "...", "optOut": false}]}</c>.
/// </remarks>
/// <param name="options">Where.</param>
/// <param name="web">The way there.</param>
/// <param name="clock">For waits.</param>
public sealed class SpawningList(SpawningOptions options, IFetcher web, TimeProvider clock)
{
    /// <summary>The environment variable with the key, by the name that its own client has for it.</summary>
    public const string KeyVariable = "SPAWNING_OPTS_KEY";

    /// <summary>Addresses of one request.</summary>
    public const int MostAddresses = 10_000;

    private const int Tries = 5;
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(200), LongestWait = TimeSpan.FromMinutes(1);

    private readonly Channel<Question> _questions = Channel.CreateUnbounded<Question>(new() { SingleReader = true });

    private volatile Exception? _fault;

    private sealed record Question(WebAddress Image, TaskCompletionSource<Drop?> Answer);

    /// <summary>Why an image is not fetched: the list opts it out, or does not answer; null when it may be.</summary>
    /// <exception cref="IOException"><see cref="RunAsync"/> has broken: nobody will ever answer.</exception>
    public Task<Drop?> AskAsync(WebAddress image, CancellationToken stop)
    {
        var question = new Question(image, new(TaskCreationOptions.RunContinuationsAsynchronously));
        if (!_questions.Writer.TryWrite(question))
            question.Answer.TrySetException(Broken(_fault));
        return question.Answer.Task.WaitAsync(stop);
    }

    /// <summary>Passes questions on until the run stops. What breaks it, those hear who wait for an answer, and whoever runs it.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        List<Question> some = [];
        try
        {
            while (await _questions.Reader.WaitToReadAsync(stop).ConfigureAwait(false))
            {
                await Task.Delay(Gathering, clock, stop).ConfigureAwait(false);
                while (some.Count < MostAddresses && _questions.Reader.TryRead(out var question))
                    some.Add(question);
                var answers = await AnswersAsync(some, stop).ConfigureAwait(false);
                for (var at = 0; at < some.Count; at++)
                    some[at].Answer.TrySetResult(answers[at]);
                some.Clear();
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Who still waits gives up by the same token.
        }
        catch (Exception fault)
        {
            _fault = fault;
            _questions.Writer.TryComplete();
            while (_questions.Reader.TryRead(out var question))
                some.Add(question);
            some.ForEach(question => question.Answer.TrySetException(Broken(fault)));
            throw;
        }
    }

    private IOException Broken(Exception? fault) => new($"The list of opt-outs {options.Address} cannot be asked any more: {fault?.Message}", fault);

    private async Task<IReadOnlyList<Drop?>> AnswersAsync(IReadOnlyList<Question> questions, CancellationToken stop)
    {
        var request = new FetchRequest(options.Address, FetchKind.Page)
        {
            Headers = [new("Authorization", $"API {options.Key}")],
            Text = string.Join('\n', questions.Select(question => question.Image.Href)),
        };
        Drop? failure = null;
        for (var tries = 0; tries < Tries; tries++)
        {
            var result = await web.FetchAsync(request, stop).ConfigureAwait(false);
            var wait = TimeSpan.FromSeconds(Math.Pow(2, tries));
            switch (result)
            {
                case FetchResult.Answer { Status: 200 } answer:
                    using (answer.Held)
                        return [.. Read(answer.Body, [.. questions.Select(question => question.Image.Href)])];
                case FetchResult.Answer answer:
                    failure = Failure(DropReason.HttpError, answer.Status.ToString(CultureInfo.InvariantCulture));
                    if (answer.Status < 500 && answer.Status != 429)
                        return [.. questions.Select(_ => failure)];
                    if (answer.Headers["Retry-After"] is { } asked && RetryAfter.Parse(asked, clock.GetUtcNow()) is { } later && later > wait)
                        wait = later;
                    break;
                case FetchResult.Failed failed:
                    failure = Failure(failed.Drop.Reason, failed.Drop.Detail);
                    break;
                default:
                    return [.. questions.Select(_ => Failure(DropReason.HttpError, "it redirects"))];
            }
            if (wait > LongestWait)
                break;
            if (tries + 1 < Tries)
                await Task.Delay(wait, clock, stop).ConfigureAwait(false);
        }
        return [.. questions.Select(_ => failure)];
    }

    /// <summary>What an answer says of each address; of what it does not name, that it is not known.</summary>
    internal IEnumerable<Drop?> Read(ReadOnlyMemory<byte> json, IReadOnlyList<string> asked)
    {
        Dictionary<string, bool> said = [];
        try
        {
            using var document = JsonDocument.Parse(json, new() { MaxDepth = 16 });
            foreach (var url in document.RootElement.GetProperty("urls").EnumerateArray())
            {
                var (name, optOut) = (url.GetProperty("url").GetString() ?? "", url.GetProperty("optOut").GetBoolean());
                said[name] = optOut || said.GetValueOrDefault(name);
            }
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return asked.Select(_ => Failure(DropReason.HttpError, "its answer is not in the form of Spawning's API"));
        }
        return asked.Select(address => !said.TryGetValue(address, out var optOut) ? Failure(DropReason.HttpError, "it says nothing of the address")
            : optOut ? new Drop(DropReason.OptedOut, $"{options.Address}: optOut") : null);
    }

    private Drop Failure(DropReason reason, string? why) => new(reason, $"the list of opt-outs {options.Address}: {why}");
}
