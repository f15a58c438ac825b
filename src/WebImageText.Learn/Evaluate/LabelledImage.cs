namespace WebImageText.Learn.Evaluate;

/// <summary>An image whose class is known.</summary>
/// <param name="Name">File, or shard and key: for messages.</param>
/// <param name="Bytes">Encoded.</param>
/// <param name="Class">Index into the set's classes.</param>
public readonly record struct LabelledImage(string Name, ReadOnlyMemory<byte> Bytes, int Class);

/// <summary>A labelled set could not be read.</summary>
public sealed class LabelledSetException(string message) : IOException(message);
