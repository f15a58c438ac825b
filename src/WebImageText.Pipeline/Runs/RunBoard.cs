using System.Collections.Immutable;
using Akka.Actor;
using Akka.Persistence;

namespace WebImageText.Pipeline.Runs;

/// <summary>The run that a cluster is for.</summary>
/// <param name="Words">The options of <c>wit run</c>, as they stood on the command line.</param>
internal sealed record RunSubmitted(ImmutableArray<string> Words);

/// <summary>Sole owner of what the cluster is to run. A cluster makes one data set: a second submission is refused.</summary>
internal sealed class RunBoard : ReceivePersistentActor
{
    private ImmutableArray<string>? _words;

    /// <summary>Run this; answered with <see cref="Submission"/>, or <see cref="Refused"/>.</summary>
    public sealed record Submit(ImmutableArray<string> Words);

    /// <summary>What is to be run? Answered with <see cref="Submission"/> or <see cref="None"/>.</summary>
    public sealed record Ask
    {
        public static Ask Instance { get; } = new();
    }

    /// <summary>This is to be run.</summary>
    public sealed record Submission(ImmutableArray<string> Words);

    /// <summary>Nothing yet.</summary>
    public sealed record None
    {
        public static None Instance { get; } = new();
    }

    /// <summary>Another run was submitted before.</summary>
    public sealed record Refused(ImmutableArray<string> Words);

    public RunBoard()
    {
        Recover<RunSubmitted>(submitted => _words = submitted.Words);
        Command<Ask>(_ => Sender.Tell(_words is { } words ? new Submission(words) : None.Instance));
        Command<Submit>(submit =>
        {
            var asker = Sender;
            if (_words is not { } known)
                Persist(new RunSubmitted(submit.Words), submitted =>
                {
                    _words = submitted.Words;
                    asker.Tell(new Submission(submitted.Words));
                });
            else
                asker.Tell(known.SequenceEqual(submit.Words) ? new Submission(known) : new Refused(known));
        });
    }

    public override string PersistenceId => "board";
}
