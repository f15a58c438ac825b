using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;

namespace WebImageText.Cli.Terminal;

/// <summary>
/// The two ways out: <see cref="Result"/> to standard output, everything that is said on the way to standard error.
/// </summary>
internal static class Screen
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DictionaryKeyPolicy = null,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>Standard output, for tables that a person reads.</summary>
    public static IAnsiConsole Out { get; } = On(Console.Out, Console.IsOutputRedirected);

    /// <summary>Standard error, for progress, notes and errors.</summary>
    public static IAnsiConsole Log { get; } = On(Console.Error, Console.IsErrorRedirected);

    /// <summary>The one machine-readable result of a verb.</summary>
    public static void Result<T>(T value) => Console.Out.WriteLine(JsonSerializer.Serialize(value, Json));

    /// <summary>A plain line to standard error.</summary>
    public static void Note(string line) => Log.WriteLine(Printable(line));

    /// <summary>An error, as a person reads it.</summary>
    public static void Error(string message) => Log.MarkupLine($"[red]error:[/] {Markup.Escape(Printable(message))}");

    /// <summary>Text from outside, with control characters shown instead of obeyed.</summary>
    public static string Printable(string text) =>
        text.Any(IsHostile) ? string.Concat(text.Select(c => IsHostile(c) ? $"\\u{(int)c:x4}" : c.ToString())) : text;

    private static IAnsiConsole On(TextWriter writer, bool isRedirected)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        // A file has no width to fold lines at.
        if (isRedirected)
            console.Profile.Width = 10_000;
        return console;
    }

    private static bool IsHostile(char c) => char.IsControl(c) && c is not ('\n' or '\t');
}
