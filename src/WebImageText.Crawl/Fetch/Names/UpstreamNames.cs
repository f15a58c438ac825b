using System.Net;
using DnsClient;
using DnsClient.Protocol;

namespace WebImageText.Crawl.Fetch.Names;

/// <summary>Resolvers that the operator names, asked over UDP and TCP; when one is silent, the next is asked.</summary>
internal sealed class UpstreamNames : INameSource
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan UnlessSaid = TimeSpan.FromMinutes(1);

    private readonly LookupClient _client;

    public UpstreamNames(IReadOnlyList<IPEndPoint> servers) => _client = new(new LookupClientOptions([.. servers])
    {
        UseCache = false,
        Timeout = Patience,
        Retries = 1,
        ThrowDnsErrors = false,
        ContinueOnDnsError = true,
        UseRandomNameServer = true,
    });

    public async Task<NameAnswer> AskAsync(string host, CancellationToken stop)
    {
        try
        {
            var answers = await Task.WhenAll(
                _client.QueryAsync(host, QueryType.A, cancellationToken: stop), _client.QueryAsync(host, QueryType.AAAA, cancellationToken: stop)).ConfigureAwait(false);
            List<AddressRecord> records = [.. answers.SelectMany(answer => answer.Answers).OfType<AddressRecord>()];
            if (records.Count > 0)
                return new([.. records.Select(record => record.Address)], answers.SelectMany(answer => answer.Answers).Min(record => TimeSpan.FromSeconds(record.InitialTimeToLive)));
            var code = answers[0].Header.ResponseCode;
            var isLocal = code is not (DnsHeaderResponseCode.NoError or DnsHeaderResponseCode.NotExistentDomain);
            return new([], UnlessSaid, new($"{host}: {(code == DnsHeaderResponseCode.NoError ? "no address" : code)}", isLocal));
        }
        catch (DnsResponseException fault)
        {
            return new([], UnlessSaid, new($"{host}: {fault.DnsError}", IsLocal: true));
        }
    }
}
