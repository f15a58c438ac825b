namespace WebImageText.Shards.Verify;

/// <summary>Findings from several threads: counts all, keeps the first.</summary>
internal sealed class FindingList(int most)
{
    private readonly Lock _lock = new();
    private readonly List<Finding> _kept = [];
    private long _errors;
    private long _notes;

    public void Add(Finding finding)
    {
        lock (_lock)
        {
            _ = finding.IsNote ? _notes++ : _errors++;
            if (_kept.Count < most)
                _kept.Add(finding);
        }
    }

    public VerifyReport Report(int shards, long samples, long rejected, long bytes)
    {
        var ordered = _kept.OrderBy(finding => finding.IsNote).ThenBy(finding => finding.File, StringComparer.Ordinal)
            .ThenBy(finding => finding.Key, StringComparer.Ordinal).ToList();
        return new(shards, samples, rejected, bytes, _errors, _notes, ordered);
    }
}
