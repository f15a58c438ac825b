using Akka.Actor;

namespace WebImageText.Pipeline.Jobs;

/// <summary>How long entities wait for each other: messages get lost with nodes, and entities move (docs/decisions/0008).</summary>
internal static class Patience
{
    /// <summary>What is waited for is asked after, and what is held is renewed, this often.</summary>
    public static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(30);

    /// <summary>An entity that has nothing to do for so long is stopped.</summary>
    public static readonly TimeSpan IdleTime = TimeSpan.FromMinutes(5);

    /// <summary>An answer that has not come by then was lost with a node: it is asked for again.</summary>
    public static readonly TimeSpan AnswerTime = TimeSpan.FromMinutes(2);
}

/// <summary>To oneself: time to look after what is waited for. It does not count as something to do.</summary>
internal sealed record Look : INotInfluenceReceiveTimeout
{
    public static Look Instance { get; } = new();
}
