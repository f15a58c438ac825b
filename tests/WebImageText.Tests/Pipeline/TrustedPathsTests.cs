using Akka.Actor;
using Akka.Cluster;
using Akka.Configuration;
using Akka.Dispatch.SysMsg;
using WebImageText.Pipeline;
using WebImageText.Pipeline.Wire;
using WebImageText.Tests.Shards;

namespace WebImageText.Tests.Pipeline;

/// <summary>What a process that reached a node's port can do to its actors.</summary>
public sealed class TrustedPathsTests : IAsyncDisposable
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(1);

    private readonly TempFolder _folder = new();
    private readonly ActorSystem _node;
    private readonly ActorSystem _stranger = ActorSystem.Create("wit", Stranger);

    // Akka as it comes: whoever wants to do harm does not use our serializers.
    private static Config Stranger => ConfigurationFactory.ParseString(
        """akka { loglevel = OFF, stdout-loglevel = OFF, actor.provider = remote, remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 } }""");

    public TrustedPathsTests() =>
        _node = ActorSystem.Create("wit", NodeSetup.Of(new() { Journal = Path.Combine(_folder.Path, "journal.db") }, shards: 1));

    [Fact]
    public async Task A_stranger_reaches_named_actors_alone_and_stops_none()
    {
        _node.ActorOf(Props.Create(() => new Echo()), "board");
        _node.ActorOf(Props.Create(() => new Echo()), "staging");

        Assert.Equal("hello", await At("/user/board").Ask<string>("hello", AnswerTime, Stop));
        await Assert.ThrowsAsync<AskTimeoutException>(() => At("/user/staging").Ask<string>("hello", Silence, Stop));
        var board = (await At("/user/board").Ask<ActorIdentity>(new Identify(1), AnswerTime, Stop)).Subject;
        board.Tell(PoisonPill.Instance);
        board.Tell(Kill.Instance);
        At("/user/board").Tell(PoisonPill.Instance);
        Assert.Equal("again", await board.Ask<string>("again", AnswerTime, Stop));
        // After this one nothing of the stranger's is heard any more.
        ((IInternalActorRef)board).SendSystemMessage(new Suspend());
        await Assert.ThrowsAsync<AskTimeoutException>(() => board.Ask<string>("hello", Silence, Stop));
        Assert.Equal("here", await _node.ActorSelection("/user/board").Ask<string>("here", AnswerTime, Stop));
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private ActorSelection At(string path) => _stranger.ActorSelection($"{Cluster.Get(_node).SelfAddress}{path}");

    private sealed class Echo : ReceiveActor
    {
        public Echo() => ReceiveAny(message => Sender.Tell(message));
    }

    public async ValueTask DisposeAsync()
    {
        await _stranger.Terminate();
        await _node.Terminate();
        _folder.Dispose();
    }
}
