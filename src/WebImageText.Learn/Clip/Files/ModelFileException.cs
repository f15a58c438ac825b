namespace WebImageText.Learn.Clip.Files;

/// <summary>A model's files are missing, damaged, or of a kind that this program does not read.</summary>
public sealed class ModelFileException(string message, Exception? inner = null) : IOException(message, inner);
