namespace WebImageText.Tests.Hostile;

/// <summary>One host that means no good, the picture that it shows, and what may become of it.</summary>
/// <param name="Name">First label of the host.</param>
/// <param name="Image">How it answers for <see cref="Address"/>.</param>
/// <param name="Outcomes">Right reasons in <c>rejected/</c>; <see cref="Kept"/> for a pair in a shard.</param>
internal sealed record Threat(string Name, Answer Image, params string[] Outcomes)
{
    /// <summary>The picture is good, or its fault is harmless: it ends in a shard.</summary>
    public const string Kept = "kept";

    /// <summary>Nobody hears of the picture, because its page is not read that far.</summary>
    public const string Unseen = "unseen";

    /// <summary>All hosts stand under it.</summary>
    public const string Domain = "hostile.test";

    /// <summary>Answers for robots.txt.</summary>
    public Answer Robots { get; init; } = Wire.Status(404);

    /// <summary>Answers for every other path.</summary>
    public Answer Other { get; init; } = Wire.Status(404);

    public string Host => $"{Name}.{Domain}";

    /// <summary>Where the picture is said to be.</summary>
    public string Address { get => field ?? $"http://{Host}/picture"; init; }

    /// <summary>The same as a crawler writes it down.</summary>
    public string Seen => WebAddress.TryParse(Address, null, out var address) ? address.Href : Address;

    /// <summary>The page that shows the picture is on this host and is a threat itself; otherwise an honest page shows it.</summary>
    public string? Page { get; init; }

    public Answer For(string target) => target switch
    {
        "/robots.txt" => Robots,
        "/picture" => Image,
        _ => Other,
    };
}
