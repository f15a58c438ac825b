namespace WebImageText.Shards;

/// <summary>A file of a data set is not what it must be: cut short, altered, or made by something else.</summary>
public sealed class ShardFormatException : Exception
{
    /// <summary>Says in which file, what is wrong, and what to do.</summary>
    /// <param name="file">The file as the reader knows it.</param>
    /// <param name="problem">What is wrong and what to do, as sentences.</param>
    /// <param name="cause">What a parser said, if one did.</param>
    public ShardFormatException(string file, string problem, Exception? cause = null)
        : base($"'{file}': {problem}", cause) => File = file;

    /// <summary>The file as the reader knows it.</summary>
    public string File { get; }
}
