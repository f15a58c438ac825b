using WebImageText.Learn.Clip;

namespace WebImageText.Learn.Train;

/// <summary>
/// Adds up the gradients of all ranks, part by part, while the backward pass still computes those of earlier layers.
/// </summary>
/// <remarks>
/// Parts go out in one order on every rank, that of the model, whatever order they become complete in: ranks whose captions fall
/// into different groups would otherwise add up different things.
/// </remarks>
internal sealed class GradientExchange
{
    private readonly FlatParameters _parameters;
    private readonly IRanks _ranks;
    private readonly List<Part> _parts = [];
    private readonly int[] _rest;
    private int _next;
    private bool _isOpen, _isFirst;

    public GradientExchange(ClipModel model, FlatParameters parameters, IRanks ranks)
    {
        (_parameters, _ranks) = (parameters, ranks);
        foreach (var part in model.MarkBackward(Reached))
        {
            var which = parameters.Beginning(part.Names);
            var (first, count) = parameters.StretchOf(which);
            _parts.Add(new(which, first, count, part.IsText));
        }
        _rest = [.. Enumerable.Range(0, parameters.Names.Count).Except(_parts.SelectMany(part => part.Which))];
    }

    /// <summary>The next backward pass is the step's last: what it completes goes out at once.</summary>
    /// <param name="texts">Groups of captions.</param>
    /// <param name="isFirst">It is the step's first as well.</param>
    public void Open(int texts, bool isFirst)
    {
        (_next, _isOpen, _isFirst) = (0, true, isFirst);
        foreach (var part in _parts)
            part.Missing = part.IsText ? texts : 1;
    }

    /// <summary>The backward pass is over: takes what is left of its gradients.</summary>
    public void TakeRest()
    {
        _isOpen = false;
        while (_next < _parts.Count)
            Send(_parts[_next++]);
        _parameters.TakeGradients(_isFirst, _rest);
    }

    /// <summary>Adds up what lies between the parts; afterwards the flat buffer holds the gradient of all ranks.</summary>
    public void Finish()
    {
        var at = 0L;
        foreach (var part in _parts.Where(part => part.Count > 0).OrderBy(part => part.First))
        {
            SumTo(part.First);
            at = part.First + part.Count;
        }
        SumTo(_parameters.Length);
        _ranks.Join();

        void SumTo(long end)
        {
            if (end > at)
                Sum(at, end - at);
        }
    }

    private void Reached(int number)
    {
        if (!_isOpen)
            return;
        _parts[number].Missing--;
        while (_next < _parts.Count && _parts[_next].Missing <= 0)
            Send(_parts[_next++]);
    }

    // Gains and biases lie elsewhere and go with the rest: they are few.
    private void Send(Part part)
    {
        _parameters.TakeGradients(_isFirst, part.Which);
        if (part.Count > 0)
            Sum(part.First, part.Count);
    }

    private void Sum(long first, long count)
    {
        using var stretch = _parameters.Gradients.narrow(0, first, count);
        _ranks.SumBeside(stretch);
    }

    private sealed class Part(int[] which, long first, long count, bool isText)
    {
        public int[] Which => which;

        public long First => first;

        public long Count => count;

        public bool IsText => isText;

        public int Missing { get; set; }
    }
}
