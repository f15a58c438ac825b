namespace WebImageText.Pipeline.Copies;

/// <summary>Pictures that one range holds, by bytes, pixels, look and likeness.</summary>
/// <param name="range">Which one.</param>
/// <param name="looks">Those of its node.</param>
internal sealed class CopyIndex(int range, LookIndex looks)
{
    private readonly Dictionary<UInt128, PairUid> _bytes = [];
    private readonly Dictionary<UInt128, PairUid> _pixels = [];

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

    /// <summary>Another pair's picture that this one is a copy of: an equal one of the range, or else the nearest of its node.</summary>
    public CopyMatch? Find(PictureOf picture) =>
        FindExact(picture) ?? (picture.Keys.Look is not null ? looks.Nearest(picture) : null);

    /// <summary>Takes a picture out, if it is there as this pair's.</summary>
    public void Remove(PictureOf picture)
    {
        if (_bytes.TryGetValue(picture.Keys.Bytes, out var bytes) && bytes == picture.Uid)
        {
            _bytes.Remove(picture.Keys.Bytes);
            if (picture.Keys.Look is not null)
                looks.Remove(range, picture);
        }
        if (_pixels.TryGetValue(picture.Keys.Pixels, out var pixels) && pixels == picture.Uid)
            _pixels.Remove(picture.Keys.Pixels);
    }

    /// <summary>Takes a picture in, whatever it is like.</summary>
    public void Add(PictureOf picture)
    {
        if (_bytes.TryAdd(picture.Keys.Bytes, picture.Uid) && picture.Keys.Look is not null)
            looks.Add(range, picture);
        _pixels.TryAdd(picture.Keys.Pixels, picture.Uid);
    }
}
