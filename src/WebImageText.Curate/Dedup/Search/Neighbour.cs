namespace WebImageText.Curate.Dedup.Search;

/// <summary>A row and how like it is.</summary>
/// <param name="Row">From 0; -1 when there was none to compare with.</param>
/// <param name="Score">Dot product of the two descriptors.</param>
public readonly record struct Neighbour(long Row, float Score)
{
    /// <summary>Nothing was found.</summary>
    public static Neighbour None => new(-1, float.NegativeInfinity);
}

/// <summary>Rows of one kind that stand together: an evaluation set in its index.</summary>
/// <param name="First">Its first row.</param>
/// <param name="Count">Its rows.</param>
public readonly record struct RowRange(long First, long Count);

/// <summary>Two rows that are alike.</summary>
/// <param name="Left">The lower row.</param>
/// <param name="Right">The higher row.</param>
/// <param name="Score">Dot product of the two descriptors.</param>
public readonly record struct AlikeRows(long Left, long Right, float Score);
