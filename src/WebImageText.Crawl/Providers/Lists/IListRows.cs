namespace WebImageText.Crawl.Providers.Lists;

/// <summary>The rows of a table in a file, and some of its columns; read forward, in bounded memory.</summary>
internal interface IListRows : IAsyncDisposable
{
    /// <summary>Goes to the next row.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="InvalidDataException">The file is damaged here.</exception>
    ValueTask<bool> ReadAsync(CancellationToken stop);

    /// <summary>Why the row that was read last cannot be used; null when it can.</summary>
    string? Skip { get; }

    /// <summary>A value of the row that was read last, by the place of its column among those that were chosen; null when it has none.</summary>
    string? this[int column] { get; }
}

/// <summary>Chooses columns by what a file has: the name of each, or null for one that is not there.</summary>
/// <exception cref="InvalidDataException">A column that is needed is not there.</exception>
internal delegate string?[] ChooseColumns(IReadOnlyList<string> names);
