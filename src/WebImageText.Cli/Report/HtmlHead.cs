using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace WebImageText.Cli.Report;

/// <summary>The beginning of a page that runs no script and takes nothing from elsewhere, whatever its texts say.</summary>
internal static class HtmlHead
{
    /// <summary>From the doctype to the style sheet; title, end of the head and body follow.</summary>
    /// <param name="style">Path of a style sheet that is part of the program: <c>Report/sheet.css</c>.</param>
    public static string Of(string style)
    {
        // The style sheet and the policy are this program's own: the only markup that is inserted as it is.
        var css = Read(style);
        // Styles by their hash: a caption cannot bring its own. 'self' does not hold for a file in every browser, so file: too.
        var policy = "default-src 'none'; img-src 'self' file:; base-uri 'none'; form-action 'none'; "
            + $"style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(css)))}'";
        return $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="{policy}">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="referrer" content="no-referrer">
            <style>{css}</style>

            """;
    }

    private static string Read(string style)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"WebImageText.Cli.{style.Replace('/', '.')}")
            ?? throw new InvalidOperationException($"The style sheet '{style}' is not part of the program.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
