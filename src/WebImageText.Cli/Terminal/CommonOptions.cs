using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace WebImageText.Cli.Terminal;

/// <summary>Options and value forms that several verbs share.</summary>
internal static class CommonOptions
{
    /// <summary>On every verb: one JSON value on standard output instead of tables.</summary>
    public static readonly Option<bool> Json = new("--json")
    {
        Description = "Print one machine-readable JSON result to standard output",
        Recursive = true,
    };

    /// <summary>A length of time with its unit: <c>20ms</c>, <c>1.5s</c>, <c>10m</c>, <c>2h</c>.</summary>
    public static Option<TimeSpan> Duration(string name, string description, TimeSpan standard) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        DefaultValueFactory = _ => standard,
        CustomParser = result => Parsed<TimeSpan>(result, TryDuration, "a time with its unit, such as 20ms, 1.5s, 10m or 2h"),
    };

    /// <summary>Reads a time with its unit.</summary>
    public static bool TryDuration(string text, out TimeSpan time)
    {
        var digits = text.TrimEnd("mshd".ToCharArray());
        double? unit = text[digits.Length..] switch { "ms" => 1e-3, "s" => 1, "m" => 60, "h" => 3600, "d" => 86400, _ => null };
        var ok = double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            & unit is not null & number <= 1e7;
        time = ok ? TimeSpan.FromSeconds(number * unit!.Value) : default;
        return ok;
    }

    /// <summary>Reads a number of bytes, with or without a unit: <c>1000</c>, <c>64KB</c>, <c>1.5GB</c>, <c>2GiB</c>.</summary>
    public static bool TryBytes(string text, out long bytes)
    {
        var digits = text.TrimEnd("KMGTiB".ToCharArray());
        double? unit = text[digits.Length..] switch
        {
            "" or "B" => 1,
            "KB" => 1e3,
            "MB" => 1e6,
            "GB" => 1e9,
            "TB" => 1e12,
            "KiB" => 1L << 10,
            "MiB" => 1L << 20,
            "GiB" => 1L << 30,
            "TiB" => 1L << 40,
            _ => null,
        };
        var ok = double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            & unit is not null & number <= 1e15;
        bytes = ok ? (long)Math.Min(number * unit!.Value, long.MaxValue / 2) : 0;
        return ok;
    }

    public delegate bool TryRead<T>(string text, out T value);

    /// <summary>The option's one value, or an error that says what form it must have.</summary>
    public static T? Parsed<T>(ArgumentResult result, TryRead<T> read, string form)
    {
        var text = result.Tokens[^1].Value;
        if (read(text, out var value))
            return value;
        result.AddError($"'{text}' is not {form} (option {(result.Parent as OptionResult)?.IdentifierToken?.Value}).");
        return default;
    }

    /// <summary>The option's values, or an error for each that has another form.</summary>
    public static T[] Each<T>(ArgumentResult result, TryRead<T?> read, string form)
    {
        List<T> values = [];
        foreach (var token in result.Tokens)
        {
            if (read(token.Value, out var value) && value is not null)
                values.Add(value);
            else
                result.AddError($"'{token.Value}' is not {form}.");
        }
        return [.. values];
    }
}
