namespace WebImageText.Crawl.Addresses;

/// <summary>The way of one fetch through its redirects: every hop is judged like a first address, none is taken twice.</summary>
/// <param name="start">Where the fetch began; judged by the caller.</param>
/// <param name="policy">Judges every hop.</param>
/// <param name="most">How many redirects are followed.</param>
public sealed class RedirectTrail(WebAddress start, AddressPolicy policy, int most = 10)
{
    private readonly HashSet<string> _taken = [Key(start)];

    /// <summary>Where the fetch is now.</summary>
    public WebAddress Current { get; private set; } = start;

    /// <summary>How many redirects were followed.</summary>
    public int Hops { get; private set; }

    /// <summary>Goes on to the target of a redirect; says why not otherwise, and stays.</summary>
    /// <param name="location">The Location field as sent; null when there was none.</param>
    public Drop? Follow(string? location)
    {
        if (location is null || !WebAddress.TryParse(location, Current, out var next))
            return new(DropReason.HttpError, location is null ? "redirect without Location" : "redirect to no address");
        if (policy.Judge(next) is { } refused)
            return refused with { Detail = $"redirect: {refused.Detail}" };
        if (Hops == most)
            return new(DropReason.RedirectLoop, $"more than {most} redirects");
        if (!_taken.Add(Key(next)))
            return new(DropReason.RedirectLoop, "redirect back to an address of the same fetch");
        Hops++;
        Current = next;
        return null;
    }

    // The fragment is never sent: with another one it is the same request.
    private static string Key(WebAddress address) => $"{address.Scheme}://{address.Authority}{address.PathAndQuery}";
}
