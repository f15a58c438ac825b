namespace WebImageText.Pipeline.Copies;

/// <summary>The ranges that live on this node: they answer each other without a message. Thread-safe.</summary>
/// <param name="rule">Which pictures are copies.</param>
internal sealed class NearRanges(CopyRule rule)
{
    private readonly CopyTable?[] _tables = new CopyTable?[CopyTable.Ranges];

    /// <summary>What they hold by its look and its likeness.</summary>
    public LookIndex Looks { get; } = new(rule);

    /// <summary>The range is here, and knows all that it holds.</summary>
    public void Open(int range, CopyTable table) => Volatile.Write(ref _tables[range], table);

    /// <summary>The range is not here any more: from now on its table says nothing.</summary>
    public void Close(int range, CopyTable table)
    {
        Interlocked.CompareExchange(ref _tables[range], null, table);
        table.Close();
    }

    /// <summary>The answer of a range that is here; null when it is elsewhere.</summary>
    public CopyFindings? Answer(int range, CopyQuestion question) => Volatile.Read(ref _tables[range])?.Answer(question);
}
