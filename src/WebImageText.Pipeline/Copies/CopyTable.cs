using System.Globalization;

namespace WebImageText.Pipeline.Copies;

/// <summary>
/// One range of the pictures of a data set: those it holds, and those at home in it whose question is open. Of all ranges
/// together no two hold copies of each other.
/// </summary>
/// <remarks>
/// A picture is opened at home, then every other range is asked; it is held once each has answered that nothing there stands in
/// its way. Of two copies that are open at once at least one question finds the other picture there, because both were opened
/// before they were asked about. The one with the smaller uid is decided first. The question that finds a smaller one waits, and
/// is asked again; the one that finds a greater one makes that forget what the asking range has told it, so that it asks
/// again. What is lost with a range (all that it does not read again at its start) can be opened anew and does no harm: nothing is
/// held that was not asked about.
/// </remarks>
internal sealed class CopyTable(int range)
{
    /// <summary>Ranges of a data set; fixed, because they are part of the names in the journal.</summary>
    public const int Ranges = 16;

    private const int MostPictures = 2000;

    private readonly CopyIndex _held = new();
    private readonly Dictionary<PictureOf, OpenPicture> _open = [];
    private long _questions;

    /// <summary>Pictures whose question is open.</summary>
    public int Open => _open.Count;

    /// <summary>A range as entities, journal and messages name it.</summary>
    public static string NameOf(int range) => range.ToString("x", CultureInfo.InvariantCulture);

    /// <summary>Takes in what is known to be held.</summary>
    public void Hold(PictureOf picture) => _held.Add(picture);

    /// <summary>Is the answer known here, without a question? Then the picture is held already, or as equal as can be to one that is.</summary>
    public bool Knows(PictureOf picture, out Drop? drop)
    {
        drop = _held.FindExact(picture)?.ToDrop();
        return drop is not null || _held.Holds(picture);
    }

    /// <summary>Opens a question; once.</summary>
    public void Begin(PictureOf picture) => _open.TryAdd(picture, new(picture, range));

    /// <summary>What is to be asked now, of whom; it counts as asked.</summary>
    public IReadOnlyList<CopyQuestion> Ask()
    {
        List<CopyQuestion> questions = [];
        for (var other = 0; other < Ranges; other++)
        {
            foreach (var part in _open.Values.Where(open => open.IsToAsk(other)).Chunk(MostPictures))
            {
                questions.Add(new(NameOf(other), range, ++_questions, [.. part.Select(open => open.Picture)]));
                foreach (var open in part)
                    open.Asked(other, _questions);
            }
        }
        return questions;
    }

    /// <summary>What stands here in the way of another range's pictures.</summary>
    public CopyFindings Answer(CopyQuestion question)
    {
        List<CopyFound> copies = [];
        List<PairUid> waits = [];
        foreach (var picture in question.Pictures)
        {
            if (_held.Find(picture) is { } match)
            {
                copies.Add(new(picture.Uid, match));
                continue;
            }
            var isWaiting = false;
            foreach (var open in _open.Values)
            {
                if (!CopyMatch.IsCopy(open.Picture, picture))
                    continue;
                if (open.Picture.IsBefore(picture))
                    isWaiting = true;
                else
                    open.Overtaken(question.From);
            }
            if (isWaiting)
                waits.Add(picture.Uid);
        }
        return new(range, question.Number, copies, waits);
    }

    /// <summary>Takes an answer; one that came too late says nothing.</summary>
    public void Hear(CopyFindings findings)
    {
        var copies = findings.Copies.ToLookup(copy => copy.Uid, copy => copy.Of);
        var waits = findings.Waits.ToHashSet();
        foreach (var open in _open.Values.Where(open => open.IsAsked(findings.Range, findings.Number)))
        {
            var found = copies[open.Picture.Uid].Aggregate((CopyMatch?)null, (best, match) => CopyMatch.Best(best, match));
            open.Hear(findings.Range, found, waits.Contains(open.Picture.Uid));
        }
    }

    /// <summary>Settles what can be settled, smaller uids first.</summary>
    public IReadOnlyList<CopyDecision> Decide()
    {
        List<CopyDecision> decisions = [];
        foreach (var open in _open.Values.Where(open => open.IsAnswered).OrderBy(open => open.Picture.Uid).ToList())
        {
            var picture = open.Picture;
            var match = CopyMatch.Best(open.Found, _held.Find(picture));
            if (match is null && _open.Keys.Any(other => other.IsBefore(picture) && CopyMatch.IsCopy(other, picture)))
                continue;
            _open.Remove(picture);
            if (match is null)
                _held.Add(picture);
            decisions.Add(new(picture, match?.ToDrop()));
        }
        return decisions;
    }

    /// <summary>Time has passed.</summary>
    public void Review()
    {
        foreach (var open in _open.Values)
            open.Review();
    }
}
