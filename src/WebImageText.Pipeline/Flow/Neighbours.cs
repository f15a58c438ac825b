using Akka.Actor;
using Akka.Cluster;

namespace WebImageText.Pipeline.Flow;

/// <summary>Tells whether this node is in touch with any other of its cluster. It answers theirs.</summary>
internal sealed class Neighbours : ReceiveActor, IWithTimers
{
    /// <summary>Its name, by which the others find it.</summary>
    public const string Name = "neighbours";

    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(2);

    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private List<IActorRef> _waiting = [];
    private List<IActorRef> _next = [];
    private long _number;

    /// <summary>Is this node in touch with another one? Answered with <see cref="Touch"/>.</summary>
    public sealed record AskTouch
    {
        public static AskTouch Instance { get; } = new();
    }

    /// <summary>Another node has answered after the question was asked, or there is none.</summary>
    public sealed record Touch(bool IsThere);

    /// <summary>Are you there? Answered with <see cref="Pong"/>.</summary>
    public sealed record Ping(long Number);

    /// <summary>This node is there.</summary>
    public sealed record Pong(long Number);

    private sealed record Silence(long Number);

    public Neighbours()
    {
        Receive<Ping>(ping => Sender.Tell(new Pong(ping.Number)));
        Receive<AskTouch>(_ =>
        {
            // What is on its way may have been answered before this was asked.
            _next.Add(Sender);
            Begin();
        });
        Receive<Pong>(pong => End(pong.Number, isThere: true));
        Receive<Silence>(silence => End(silence.Number, isThere: false));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private void Begin()
    {
        if (_waiting.Count > 0 || _next.Count == 0)
            return;
        (_waiting, _next) = (_next, _waiting);
        _number++;
        var others = _cluster.State.Members.Where(member => member.UniqueAddress != _cluster.SelfUniqueAddress).ToList();
        if (others.Count == 0)
        {
            End(_number, isThere: true);
            return;
        }
        foreach (var other in others)
            Context.ActorSelection(new RootActorPath(other.Address) / "user" / Name).Tell(new Ping(_number));
        Timers.StartSingleTimer(nameof(Silence), new Silence(_number), AnswerTime);
    }

    private void End(long number, bool isThere)
    {
        if (number != _number || _waiting.Count == 0)
            return;
        Timers.Cancel(nameof(Silence));
        _waiting.ForEach(asker => asker.Tell(new Touch(isThere)));
        _waiting.Clear();
        Begin();
    }
}
