namespace WebImageText.Crawl.OptOut;

/// <summary>What a statement says about training.</summary>
public enum UsagePreference
{
    /// <summary>Nothing, or nothing that can be read.</summary>
    Unknown,
    /// <summary>It may be used.</summary>
    Allowed,
    /// <summary>It may not be used.</summary>
    Disallowed,
}

/// <summary>Reads <c>Content-Usage</c> and <c>Content-Signal</c>.</summary>
public static class UsagePreferences
{
    /// <summary>The usage that a training set is: the label of the vocabulary of August 2026.</summary>
    private const string TrainAi = "train-ai";

    /// <summary>What a <c>Content-Usage</c> value says: <c>train-ai=n</c>.</summary>
    /// <remarks>
    /// draft-ietf-aipref-vocab, an RFC 9651 dictionary: a value that is broken anywhere says nothing, the last of two equal keys
    /// counts, and only the tokens y and n mean something.
    /// </remarks>
    public static UsagePreference OfContentUsage(string value) => new StructuredDictionary(value).Token(TrainAi) switch
    {
        "y" => UsagePreference.Allowed,
        "n" => UsagePreference.Disallowed,
        _ => UsagePreference.Unknown,
    };

    /// <summary>What a <c>Content-Signal</c> value says: <c>ai-train=no</c>. A refusal counts wherever it stands.</summary>
    public static UsagePreference OfContentSignal(string value)
    {
        var preference = UsagePreference.Unknown;
        foreach (var range in value.AsSpan().SplitAny(",;"))
        {
            var signal = value.AsSpan()[range];
            var equals = signal.IndexOf('=');
            if (equals < 0 || !signal[..equals].Trim().Equals("ai-train", StringComparison.OrdinalIgnoreCase))
                continue;
            if (signal[(equals + 1)..].Trim().Equals("no", StringComparison.OrdinalIgnoreCase))
                return UsagePreference.Disallowed;
            if (signal[(equals + 1)..].Trim().Equals("yes", StringComparison.OrdinalIgnoreCase))
                preference = UsagePreference.Allowed;
        }
        return preference;
    }
}
