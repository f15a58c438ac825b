namespace WebImageText.Learn.Safetensors;

/// <summary>A safetensors file is damaged, hostile, or holds something that this program does not read.</summary>
public sealed class SafetensorsException(string message, Exception? inner = null) : IOException(message, inner);
