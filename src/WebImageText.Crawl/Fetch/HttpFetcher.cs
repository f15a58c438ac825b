using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using WebImageText.Crawl.Addresses;
using WebImageText.Crawl.Fetch.Names;

namespace WebImageText.Crawl.Fetch;

/// <summary>
/// One request, one answer, within bounds: no redirects followed, no cookies, no credentials, no proxy, TLS verified, and
/// no connection to an address that the policy refuses, whatever the name resolves to.
/// </summary>
public sealed class HttpFetcher : IFetcher, IDisposable
{
    private readonly FetchOptions _options;
    private readonly AddressPolicy _policy;
    private readonly TimeProvider _clock;
    private readonly FetchPlaces _places;
    private readonly AddressPace _pace;
    private readonly ByteBudget _bytes;
    private readonly NameCache _names;
    private readonly HttpMessageInvoker _client;

    /// <summary>A fetcher with a connection pool of its own.</summary>
    public HttpFetcher(FetchOptions options, AddressPolicy policy, TimeProvider clock)
    {
        (_options, _policy, _clock) = (options, policy, clock);
        _places = new(options.Parallel, options.SiteShare, clock);
        _pace = new(options.AddressDelay, clock);
        _bytes = new(options.BodyBytes);
        _names = new(options.NameServers.Count > 0 ? new UpstreamNames(options.NameServers) : new SystemNames(), clock);
        _client = new(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            UseProxy = false,
            Credentials = null,
            PreAuthenticate = false,
            ConnectTimeout = options.ConnectTime,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            MaxConnectionsPerServer = 8,
            MaxResponseHeadersLength = 64,
            ResponseDrainTimeout = TimeSpan.Zero,
            EnableMultipleHttp2Connections = false,
            ActivityHeadersPropagator = null,
            ConnectCallback = ConnectAsync,
        });
    }

    /// <summary>How the fetcher gets on.</summary>
    public FetcherState Now => new(_places.Inside, _places.Limit, _bytes.Used, _names.Asked, _places.Trouble);

    /// <summary>A host will be asked soon: its name is resolved now.</summary>
    public void Expect(string host)
    {
        if (!IsFixed(host))
            _names.Expect(host);
    }

    /// <inheritdoc/>
    public async Task<FetchResult> FetchAsync(FetchRequest request, CancellationToken stop)
    {
        var address = request.Address;
        if (_policy.Judge(address) is { } refused)
            return new FetchResult.Failed(refused);
        var (addresses, _, unknown) = await TargetAsync(address.Host, stop).ConfigureAwait(false);
        if (unknown is null)
            await _pace.WaitAsync(addresses[0], stop).ConfigureAwait(false);
        var site = PublicSuffixes.Embedded.SiteOf(address);
        await _places.EnterAsync(site, stop).ConfigureAwait(false);
        var local = unknown is { IsLocal: true } ? unknown.Why : null;
        var lease = _bytes.Open();
        try
        {
            if (unknown is not null)
                return new FetchResult.Failed(new(DropReason.DnsError, unknown.Why)) { IsLocal = unknown.IsLocal };
            await lease.GrowAsync(BodyReader.FirstBytes, stop).ConfigureAwait(false);
            using var deadline = new CancellationTokenSource(_options.TotalTime, _clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, deadline.Token);
            return await AskAsync(request, lease, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return new FetchResult.Failed(new(DropReason.Timeout, $"no whole answer in {_options.TotalTime.TotalSeconds:F0} s"));
        }
        catch (Exception fault) when (FetchFault.Of(fault) is { } drop)
        {
            local = FetchFault.Local(fault);
            return new FetchResult.Failed(drop) { IsLocal = local is not null };
        }
        finally
        {
            _places.Leave(site, local);
            lease.EndUnlessHeld();
        }
    }

    private async Task<FetchResult> AskAsync(FetchRequest asked, ByteBudget.Lease lease, CancellationToken stop)
    {
        var (address, kind) = asked;
        using var request = new HttpRequestMessage(asked.Text is null ? HttpMethod.Get : HttpMethod.Post, RequestUri.Of(asked))
        {
            Content = asked.Text is null ? null : new StringContent(asked.Text, new MediaTypeHeaderValue("text/plain")),
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        foreach (var (name, value) in RequestFields.Of(asked, _options))
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await _client.SendAsync(request, stop).ConfigureAwait(false);
        var at = _clock.GetUtcNow();
        var status = (int)response.StatusCode;
        var headers = HeadersOf(response);
        if (Framing.Judge(response) is { } unclear)
            return new FetchResult.Failed(unclear);
        if (status is 301 or 302 or 303 or 307 or 308)
        {
            return WebAddress.TryParse(RequestUri.WithoutSecret(asked, headers["Location"] ?? ""), address, out var to) && headers["Location"] is not null
                ? new FetchResult.Redirect(status, to)
                : new FetchResult.Failed(new(DropReason.HttpError, $"{status} without a usable Location"));
        }
        if (status != 200 && !(status == 206 && asked.Range is not null))
            return new FetchResult.Answer(status, headers, default, at);

        var largest = kind switch
        {
            FetchKind.Image => _options.LargestImage,
            FetchKind.Data => _options.LargestData,
            FetchKind.Robots => _options.RobotsLength,
            _ => _options.LargestPage,
        };
        var isCut = kind == FetchKind.Robots;
        await using var stream = await response.Content.ReadAsStreamAsync(stop).ConfigureAwait(false);
        var (sent, drop) = await BodyReader
            .ReadAsync(stream, response.Content.Headers.ContentLength, largest, isCut, _options.LeastRate, lease, stop).ConfigureAwait(false);
        if (drop is null)
            (sent, drop) = BodyDecoder.Decode(string.Join(", ", headers.All("Content-Encoding")), sent, largest, _options.GreatestRatio, isCut);
        if (drop is not null)
            return new FetchResult.Failed(drop);
        lease.Settle(sent.Length);
        return new FetchResult.Answer(status, headers, sent, at) { Held = lease.Hold() };
    }

    private static ResponseHeaders HeadersOf(HttpResponseMessage response) => new(
    [
        .. from field in response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated)
           from value in field.Value
           select KeyValuePair.Create(field.Key, value),
    ]);

    private bool IsFixed(string host) => _options.Resolve.Any(rule => rule.Matches(host)) || IPAddress.TryParse(host.Trim('[', ']'), out _);

    // Where the connection to a host goes; the port is null where the address says it.
    private async ValueTask<(IReadOnlyList<IPAddress> Addresses, int? Port, NameFault? Fault)> TargetAsync(string host, CancellationToken stop)
    {
        if (_options.Resolve.FirstOrDefault(rule => rule.Matches(host)) is { } rule)
            return ([rule.Target.Address], rule.Target.Port, null);
        if (IPAddress.TryParse(host.Trim('[', ']'), out var literal))
            return ([literal], null, null);
        var answer = await _names.ResolveAsync(host, stop).ConfigureAwait(false);
        return (answer.Addresses, null, answer.Fault);
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken stop)
    {
        var host = context.DnsEndPoint.Host;
        var (answers, port, fault) = await TargetAsync(host, stop).ConfigureAwait(false);
        IPAddress[] addresses = [.. answers];
        if (fault is not null)
            throw new RefusedConnectionException(new(DropReason.DnsError, fault.Why));
        if (_policy.Judge(host, context.DnsEndPoint.Port, addresses) is { } refused)
            throw new RefusedConnectionException(refused);
        if (string.IsNullOrWhiteSpace(_options.Contact) && addresses.Any(PublicNetworks.IsPublic))
            throw new RefusedConnectionException(new(DropReason.Blocked, "no contact: a site owner must be able to reach whoever crawls (--contact)"));
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, port ?? context.DnsEndPoint.Port, stop).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _client.Dispose();
        _names.Dispose();
    }
}

/// <summary>How a fetcher gets on.</summary>
/// <param name="Inside">Downloads under way.</param>
/// <param name="Limit">Downloads that may be under way.</param>
/// <param name="Bytes">Bytes of bodies in memory.</param>
/// <param name="Names">Questions for names that were asked.</param>
/// <param name="Trouble">What is wrong with this machine, if that is why the limit is low; null otherwise.</param>
public sealed record FetcherState(int Inside, int Limit, long Bytes, long Names, string? Trouble);
