using System.Net;

namespace WebImageText.Crawl.Fetch.Names;

/// <summary>Who knows the addresses of host names.</summary>
internal interface INameSource
{
    /// <summary>Asks once. Every outcome but a stop is a value.</summary>
    Task<NameAnswer> AskAsync(string host, CancellationToken stop);
}

/// <summary>What is known of a name.</summary>
/// <param name="Addresses">All of them; empty with a fault.</param>
/// <param name="ValidFor">How long the source stands by it.</param>
/// <param name="Fault">Why there are none; null with addresses.</param>
internal sealed record NameAnswer(IReadOnlyList<IPAddress> Addresses, TimeSpan ValidFor, NameFault? Fault = null);

/// <summary>Why a name has no addresses.</summary>
/// <param name="Why">As a person reads it.</param>
/// <param name="IsLocal">No resolver answered: it says nothing of the name.</param>
internal sealed record NameFault(string Why, bool IsLocal);
