namespace WebImageText.Cli.Demo;

/// <summary>What must become of a picture of the demo's web.</summary>
/// <param name="Drop">Nothing: it becomes a pair. In a group: the reason of those that are not kept.</param>
/// <param name="Caption">Its text after cleaning; empty for one without.</param>
/// <param name="Provider">Who finds it: <see cref="ByPages"/> or <see cref="BySearch"/>.</param>
/// <param name="Group">It competes with others: see <see cref="DemoWeb.Groups"/>.</param>
internal sealed record DemoExpectation(DropReason? Drop, string Caption, string Provider, string? Group = null)
{
    public const string ByPages = "pages";

    public const string BySearch = "searxng";

    /// <summary>The status of what becomes a pair.</summary>
    public const string KeptWord = "kept";

    /// <summary><c>kept</c>, or the stored word of the reason.</summary>
    public string Status => Drop?.Word() ?? KeptWord;
}

/// <summary>Addresses that compete: copies of one picture, or more pairs than a query has room for.</summary>
/// <param name="Addresses">All of them.</param>
/// <param name="Kept">How many of them become pairs; the others are dropped for the reason of their expectation.</param>
internal sealed record DemoGroup(IReadOnlyList<string> Addresses, int Kept);
