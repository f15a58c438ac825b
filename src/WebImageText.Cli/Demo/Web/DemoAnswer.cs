using System.Text;

namespace WebImageText.Cli.Demo.Web;

/// <summary>What the demo's server says at an address.</summary>
internal abstract record DemoAnswer
{
    /// <summary>Further response headers.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>A text in some charset.</summary>
    /// <param name="Body">The text.</param>
    /// <param name="ContentType">As sent; may name another charset than <paramref name="Charset"/>, or none.</param>
    /// <param name="Charset">Of the bytes; nothing is UTF-8.</param>
    /// <param name="Bom">The bytes begin with a byte order mark.</param>
    public sealed record Text(string Body, string ContentType, Encoding? Charset = null, bool Bom = false) : DemoAnswer
    {
        public byte[] Encode()
        {
            var charset = Charset ?? Encoding.UTF8;
            return [.. Bom ? charset.Preamble : default, .. charset.GetBytes(Body)];
        }
    }

    /// <summary>A picture, whole or not.</summary>
    public sealed record Picture(DemoPicture File) : DemoAnswer;

    /// <summary>302 to another address.</summary>
    public sealed record Redirect(string To) : DemoAnswer;

    /// <summary>An error.</summary>
    public sealed record Status(int Code) : DemoAnswer;

    /// <summary>Headers and a first piece, then nothing.</summary>
    public sealed record Stalled : DemoAnswer;

    /// <summary>More bytes than anyone wants.</summary>
    /// <param name="Declared">Content-Length tells; otherwise it is only found out by reading.</param>
    public sealed record Huge(bool Declared) : DemoAnswer;

    /// <summary>The connection breaks in the middle of the body.</summary>
    public sealed record Cut(DemoPicture File) : DemoAnswer;
}
