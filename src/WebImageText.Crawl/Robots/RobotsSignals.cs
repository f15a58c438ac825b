namespace WebImageText.Crawl.Robots;

/// <summary>What a robots.txt says about the use of one path, beyond its fetching. The values are as they stood.</summary>
/// <param name="ContentSignals">Values of Content-Signal: <c>search=yes, ai-train=no</c>. The strictest counts.</param>
/// <param name="ContentUsage">
/// Values of Content-Usage for the longest path that matches, without the path: RFC 9651 dictionaries, <c>train-ai=n</c>. The
/// strictest counts.
/// </param>
/// <param name="Licenses">Addresses of RSL licences, for the whole site.</param>
public sealed record RobotsSignals(
    IReadOnlyList<string> ContentSignals, IReadOnlyList<string> ContentUsage, IReadOnlyList<string> Licenses)
{
    /// <summary>Nothing is said.</summary>
    public static RobotsSignals None { get; } = new([], [], []);
}
