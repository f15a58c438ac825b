using System.Collections.Immutable;
using Akka.Actor;

namespace WebImageText.Pipeline.Copies;

/// <summary>A commit waits for what is to be said of its pictures.</summary>
/// <param name="commit">In which they are to be; null where it only wants to know.</param>
/// <param name="asker">Who waits.</param>
internal sealed class Confirming(string? commit, IActorRef asker)
{
    private readonly HashSet<PictureOf> _undecided = [];
    private readonly List<CopyRange.Copy> _copies = [];
    private readonly ImmutableArray<PictureOf>.Builder _kept = ImmutableArray.CreateBuilder<PictureOf>();

    public IActorRef Asker => asker;

    public bool IsDecided => _undecided.Count == 0;

    /// <summary>What is to be remembered; null for nothing.</summary>
    public PicturesConfirmed? Kept => commit is null ? null : new(commit, _kept.ToImmutable());

    /// <summary>Pictures that are not to be in the commit.</summary>
    public IReadOnlyList<CopyRange.Copy> Copies => _copies;

    /// <summary>What is to be said of the picture will be heard.</summary>
    public void WaitFor(PictureOf picture) => _undecided.Add(picture);

    /// <summary>A picture that it waits for, or not, is decided.</summary>
    public void Hear(CopyDecision decision)
    {
        if (_undecided.Remove(decision.Picture))
            Take(decision);
    }

    /// <summary>Takes what is to be said of one of its pictures.</summary>
    public void Take(CopyDecision decision)
    {
        if (decision.Of is { } original)
            _copies.Add(new(decision.Picture.Uid, original.ToDrop(), original.Uid));
        else
            _kept.Add(decision.Picture);
    }
}
