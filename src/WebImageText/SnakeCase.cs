using System.Text;

namespace WebImageText;

/// <summary>The stored form of the names of enumerations: <c>NoText</c> is <c>no_text</c>.</summary>
internal static class SnakeCase
{
    public static string Of(string name)
    {
        var word = new StringBuilder(name.Length + 8);
        foreach (var letter in name)
        {
            if (char.IsAsciiLetterUpper(letter) && word.Length > 0)
                word.Append('_');
            word.Append(char.ToLowerInvariant(letter));
        }
        return word.ToString();
    }
}
