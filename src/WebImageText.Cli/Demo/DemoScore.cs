namespace WebImageText.Cli.Demo;

/// <summary>Holds what a pipeline made of the demo's web against what it should have made.</summary>
internal static class DemoScore
{
    /// <summary>Every difference, as a sentence; none when all is right.</summary>
    /// <param name="expected">By canonical address.</param>
    /// <param name="groups">Addresses of which a known number is kept.</param>
    /// <param name="outcomes">What became of each address: <c>kept</c> or the word of a drop reason.</param>
    public static IEnumerable<string> Differences(
        IReadOnlyDictionary<string, DemoExpectation> expected, IReadOnlyDictionary<string, DemoGroup> groups,
        IReadOnlyDictionary<string, string> outcomes)
    {
        foreach (var (address, want) in expected)
        {
            if (!outcomes.TryGetValue(address, out var got))
                yield return $"{address} should be {want.Status} and was never judged";
            else if (got != want.Status && !(want.Group is not null && got == DemoExpectation.KeptWord))
                yield return $"{address} should be {want.Status} and is {got}";
        }
        foreach (var (name, group) in groups)
        {
            var kept = group.Addresses.Count(address => outcomes.GetValueOrDefault(address) == DemoExpectation.KeptWord);
            if (kept != group.Kept)
                yield return $"of the {group.Addresses.Count} of '{name}', {group.Kept} should be kept and {kept} are";
        }
        foreach (var (address, got) in outcomes)
        {
            if (!expected.ContainsKey(address))
                yield return $"{address} is {got}, and no page shows it";
        }
    }
}
