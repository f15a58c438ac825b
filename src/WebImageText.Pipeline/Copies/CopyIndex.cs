using WebImageText.Curate.Dedup;

namespace WebImageText.Pipeline.Copies;

/// <summary>Pictures that are held, by bytes, pixels and look.</summary>
internal sealed class CopyIndex
{
    private readonly Dictionary<UInt128, PairUid> _bytes = [];
    private readonly Dictionary<UInt128, PairUid> _pixels = [];
    private readonly PdqIndex _looks = new();
    private readonly List<PairUid> _ofLook = [];

    /// <summary>The picture is in the index, as this pair's.</summary>
    public bool Holds(PictureOf picture) =>
        _pixels.TryGetValue(picture.Keys.Pixels, out var pixels) && pixels == picture.Uid
        && _bytes.TryGetValue(picture.Keys.Bytes, out var bytes) && bytes == picture.Uid;

    /// <summary>Another pair's picture with the same bytes or pixels.</summary>
    public CopyMatch? FindExact(PictureOf picture)
    {
        if (_bytes.TryGetValue(picture.Keys.Bytes, out var same) && same != picture.Uid)
            return new(CopyKind.Bytes, 0, same);
        if (_pixels.TryGetValue(picture.Keys.Pixels, out same) && same != picture.Uid)
            return new(CopyKind.Pixels, 0, same);
        return null;
    }

    /// <summary>Another pair's picture that this one is a copy of: equal, or else the nearest.</summary>
    public CopyMatch? Find(PictureOf picture)
    {
        if (FindExact(picture) is { } exact)
            return exact;
        if (picture.Keys.Look is not { } look || _looks.Nearest(look) is not { } nearest)
            return null;
        if (_ofLook[nearest.Id] != picture.Uid)
            return new(CopyKind.Look, nearest.Distance, _ofLook[nearest.Id]);
        // The pair's own picture, as it was before, hides no other.
        var others = _looks.Within(look).Where(near => _ofLook[near.Id] != picture.Uid).ToList();
        return others.Count == 0 ? null : others.Select(near => new CopyMatch(CopyKind.Look, near.Distance, _ofLook[near.Id])).MinBy(near => near.Distance);
    }

    /// <summary>Takes a picture in, whatever it is like.</summary>
    public void Add(PictureOf picture)
    {
        if (_bytes.TryAdd(picture.Keys.Bytes, picture.Uid) && picture.Keys.Look is { } look)
        {
            _looks.Add(look);
            _ofLook.Add(picture.Uid);
        }
        _pixels.TryAdd(picture.Keys.Pixels, picture.Uid);
    }
}
