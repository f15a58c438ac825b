using System.Collections;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json;

namespace WebImageText.Cli.Terminal;

/// <summary>
/// Values for options that the command line does not give: <c>WIT_HOST_DELAY=2s</c> for <c>--host-delay</c>, then
/// <c>wit.json</c> in the current folder (or where WIT_CONFIG points), a verb's own section before the top level:
/// <c>{"contact": "a@b.example", "run": {"host-delay": "2s", "provider": ["pages"]}}</c>.
/// </summary>
/// <remarks>They become words of the command line, so every value goes through the option's own parser and validators.</remarks>
internal sealed class Settings(IReadOnlyDictionary<string, string> environment, JsonElement? file, string fileName)
{
    public static Settings Load(string folder)
    {
        var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Where(entry => ((string)entry.Key).StartsWith("WIT_", StringComparison.Ordinal))
            .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "");
        var path = environment.GetValueOrDefault("WIT_CONFIG") ?? Path.Combine(folder, "wit.json");
        if (!File.Exists(path))
            return environment.ContainsKey("WIT_CONFIG")
                ? throw UserErrorException.Usage($"WIT_CONFIG names '{path}', which does not exist.")
                : new(environment, null, path);
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path), new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            return json.RootElement.ValueKind == JsonValueKind.Object
                ? new(environment, json.RootElement.Clone(), path)
                : throw UserErrorException.Usage($"'{path}' must hold one JSON object.");
        }
        catch (JsonException broken)
        {
            throw UserErrorException.Usage($"'{path}' is not valid JSON: {broken.Message}");
        }
    }

    /// <summary>The words of the command line, followed by those that the settings add for the verb that it names.</summary>
    public IReadOnlyList<string> Expand(Command root, IReadOnlyList<string> words)
    {
        var parsed = root.Parse(words);
        var verbs = Verbs(parsed.CommandResult);
        List<string> expanded = [.. words];
        foreach (var option in Options(parsed.CommandResult).Where(option => parsed.GetResult(option) is null or { Implicit: true }))
        {
            foreach (var value in Values(option, verbs))
            {
                expanded.Add(option.Name);
                if (option.ValueType != typeof(bool))
                    expanded.Add(value);
                else if (!bool.TryParse(value, out var on))
                    throw UserErrorException.Usage($"The setting of '{option.Name}' must be true or false, and is '{value}'.");
                else if (!on)
                    expanded.RemoveAt(expanded.Count - 1);
            }
        }
        return expanded;
    }

    private IEnumerable<string> Values(Option option, IReadOnlyList<string> verbs)
    {
        var key = option.Name.TrimStart('-');
        if (environment.TryGetValue("WIT_" + key.Replace('-', '_').ToUpperInvariant(), out var variable))
            return [variable];
        if (file is not { } settings)
            return [];
        JsonElement? value = settings.TryGetProperty(key, out var top) && top.ValueKind != JsonValueKind.Object ? top : null;
        foreach (var verb in verbs)
        {
            if (!settings.TryGetProperty(verb, out settings) || settings.ValueKind != JsonValueKind.Object)
                break;
            if (settings.TryGetProperty(key, out var own) && own.ValueKind != JsonValueKind.Object)
                value = own;
        }
        return value is { } found ? Texts(found, key) : [];
    }

    private IEnumerable<string> Texts(JsonElement value, string key) => value.ValueKind switch
    {
        JsonValueKind.Array => value.EnumerateArray().SelectMany(item => Texts(item, key)),
        JsonValueKind.String => [value.GetString()!],
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => [value.GetRawText()],
        _ => throw UserErrorException.Usage($"'{fileName}': the value of '{key}' must be a text, a number, true, false or a list."),
    };

    private static List<string> Verbs(CommandResult result)
    {
        List<string> verbs = [];
        for (SymbolResult? at = result; at is CommandResult { Command: not RootCommand } verb; at = at.Parent)
            verbs.Insert(0, verb.Command.Name);
        return verbs;
    }

    private static IEnumerable<Option> Options(CommandResult result)
    {
        for (SymbolResult? at = result; at is CommandResult command; at = at.Parent)
        {
            foreach (var option in command.Command.Options.Where(option => at == result || option.Recursive))
            {
                if (option is not (System.CommandLine.Help.HelpOption or VersionOption))
                    yield return option;
            }
        }
    }
}
