using WebImageText.Pipeline.Copies;

namespace WebImageText.Tests.Pipeline.Copies;

/// <summary>
/// All ranges of a data set without actors: messages between them come in any order, get lost, and come after their sender has
/// died, as a dice says.
/// </summary>
internal sealed class CopyPlay
{
    private const int Nodes = 5;

    private readonly Random _dice;
    private readonly LookIndex[] _nodes = [.. Enumerable.Range(0, Nodes).Select(_ => new LookIndex(SomePictures.Rule))];
    private readonly CopyTable[] _tables;
    private readonly List<Action> _mail = [];
    private readonly HashSet<PictureOf> _confirmed = [];

    public CopyPlay(Random dice)
    {
        _dice = dice;
        _tables = [.. Enumerable.Range(0, CopyTable.Ranges).Select(range => new CopyTable(range, _nodes[range % Nodes]))];
    }

    /// <summary>Of each range what it holds.</summary>
    public HashSet<PictureOf>[] Held { get; } = [.. Enumerable.Range(0, CopyTable.Ranges).Select(_ => new HashSet<PictureOf>())];

    /// <summary>Why each picture is dropped, or null, as its last question was answered.</summary>
    public Dictionary<PictureOf, Drop?> Answers { get; } = [];

    public IEnumerable<PictureOf> AllHeld => Held.SelectMany(held => held);

    /// <summary>A node asks about a picture.</summary>
    public void Look(PictureOf picture)
    {
        var table = _tables[picture.Keys.Home];
        if (table.Knows(picture, out var copy))
            Answers[picture] = copy?.ToDrop();
        else
            table.Begin(picture);
    }

    /// <summary>A held picture is in a commit: it stays when its range dies.</summary>
    public void Confirm(PictureOf picture)
    {
        if (Held[picture.Keys.Home].Contains(picture))
            _confirmed.Add(picture);
    }

    /// <summary>The range dies, and is there again with what is confirmed.</summary>
    public void Kill(int range)
    {
        _tables[range].Close();
        _tables[range] = new(range, _nodes[_dice.Next(Nodes)]);
        Held[range].IntersectWith(_confirmed);
        foreach (var picture in Held[range])
            _tables[range].Hold(picture);
    }

    /// <summary>Something happens: a message arrives or is lost, a range asks, time passes.</summary>
    public void Step(int lossPercent)
    {
        switch (_dice.Next(4))
        {
            case 0:
                Ask(_dice.Next(CopyTable.Ranges));
                break;
            case 1 when _dice.Next(10) == 0:
                _tables[_dice.Next(CopyTable.Ranges)].Review();
                break;
            default:
                Deliver(_dice.Next(100) < lossPercent);
                break;
        }
    }

    /// <summary>Goes on until no question is open.</summary>
    public void Settle()
    {
        for (var rounds = 0; _tables.Any(table => table.Open > 0); rounds++)
        {
            Assert.True(rounds < 2000, "a question stays open");
            for (var range = 0; range < CopyTable.Ranges; range++)
                Ask(range);
            while (_mail.Count > 0)
                Deliver(isLost: false);
            foreach (var table in _tables)
                table.Review();
        }
    }

    private void Ask(int range)
    {
        var asker = _tables[range];
        foreach (var (other, question) in asker.Ask())
        {
            _mail.Add(() =>
            {
                var findings = _tables[other].Answer(question)!;
                _mail.Add(() => Hear(range, asker, findings));
            });
        }
    }

    private void Hear(int range, CopyTable asker, CopyFindings findings)
    {
        if (_tables[range] != asker)
            return; // It went to an actor that is no more.
        asker.Hear(findings);
        foreach (var (picture, original) in asker.Decide())
        {
            Answers[picture] = original?.ToDrop();
            if (original is null)
            {
                Assert.DoesNotContain(AllHeld, held => SomePictures.Rule.IsCopy(held, picture));
                Held[range].Add(picture);
            }
        }
    }

    private void Deliver(bool isLost)
    {
        if (_mail.Count == 0)
            return;
        var at = _dice.Next(_mail.Count);
        var arrive = _mail[at];
        _mail.RemoveAt(at);
        if (!isLost)
            arrive();
    }
}
