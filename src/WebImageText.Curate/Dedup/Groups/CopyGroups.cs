namespace WebImageText.Curate.Dedup.Groups;

/// <summary>
/// Finds the groups of copies in a data set: by equal bytes, equal pixels, PDQ hashes within 31 bits, and pairs of alike
/// descriptors; what hangs together is a group. No input or output.
/// </summary>
/// <remarks>
/// Of a group stays the picture with the most pixels as served, of these the one with the longest caption, of these the one with
/// the smallest uid: whoever runs it, and in whatever order the pictures come. Groups chain (a like b, b like c), so descriptors
/// need a high threshold.
/// </remarks>
public static class CopyGroups
{
    /// <summary>Members from which on a group is a placeholder.</summary>
    public const int PlaceholderSize = 1000;

    /// <summary>The groups of two and more, the largest first.</summary>
    /// <param name="pictures">All pictures.</param>
    /// <param name="alike">Numbers of pictures whose descriptors are alike.</param>
    /// <param name="placeholderSize">Members from which on a group is a placeholder.</param>
    public static IReadOnlyList<CopyGroup> Find(
        IReadOnlyList<PictureRecord> pictures, IEnumerable<(int Left, int Right)>? alike = null, int placeholderSize = PlaceholderSize)
    {
        var sets = new DisjointSets(pictures.Count);
        var evidence = new CopyEvidence[pictures.Count];
        JoinEqual(picture => picture.Sha256, CopyEvidence.Bytes);
        JoinEqual(picture => picture.StoredSha256, CopyEvidence.Pixels);
        JoinLooks();
        foreach (var (left, right) in alike ?? [])
            Join(left, right, CopyEvidence.Descriptor);
        return [.. Enumerable.Range(0, pictures.Count).GroupBy(sets.Find).Where(group => group.Count() > 1).Select(Group)
            .OrderByDescending(group => group.Members.Count).ThenBy(group => pictures[group.Keeper].Uid, StringComparer.Ordinal)];

        void Join(int left, int right, CopyEvidence by)
        {
            if (!sets.Join(left, right))
                return;
            foreach (var one in (int[])[left, right])
                evidence[one] = evidence[one] == 0 ? by : evidence[one];
        }

        void JoinEqual(Func<PictureRecord, string?> key, CopyEvidence by)
        {
            var first = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
            for (var at = 0; at < pictures.Count; at++)
                if (key(pictures[at]) is { Length: > 0 } value && !first.TryAdd(value, at))
                    Join(first[value], at, by);
        }

        // Many pictures of one hash are one entry: a placeholder of a million copies costs a million look-ups, not their square.
        void JoinLooks()
        {
            var (index, firstOf, seen) = (new PdqIndex(), new List<int>(), new Dictionary<PdqHash, int>());
            for (var at = 0; at < pictures.Count; at++)
            {
                if (pictures[at].Pdq is not { } hash)
                    continue;
                if (seen.TryGetValue(hash, out var same))
                {
                    Join(same, at, CopyEvidence.Look);
                    continue;
                }
                foreach (var near in index.Within(hash))
                    Join(firstOf[near.Id], at, CopyEvidence.Look);
                seen.Add(hash, at);
                index.Add(hash);
                firstOf.Add(at);
            }
        }

        CopyGroup Group(IEnumerable<int> members)
        {
            var keeper = members.OrderByDescending(at => pictures[at].Pixels).ThenByDescending(at => pictures[at].CaptionLength)
                .ThenBy(at => pictures[at].Uid, StringComparer.Ordinal).First();
            int[] ordered = [keeper, .. members.Where(at => at != keeper).Order()];
            return new(ordered, [.. ordered.Select(at => evidence[at])], ordered.Length >= placeholderSize);
        }
    }
}
