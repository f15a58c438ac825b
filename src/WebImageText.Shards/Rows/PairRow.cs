namespace WebImageText.Shards.Rows;

/// <summary>
/// What is stored of a pair besides its pixels: one row of a shard's parquet, and the fields of its JSON. The first eleven are
/// img2dataset's. Nothing is certain here but what our writer wrote, so all is nullable.
/// </summary>
public sealed record PairRow
{
    /// <summary><c>url</c>: address of the image, as found.</summary>
    public string? Url { get; init; }
    /// <summary><c>caption</c>: the text that the pair was kept for.</summary>
    public string? Caption { get; init; }
    /// <summary><c>key</c>: shard and row.</summary>
    public string? Key { get; init; }
    /// <summary><c>status</c>: <c>success</c> for every pair of ours.</summary>
    public string? Status { get; init; }
    /// <summary><c>error_message</c>: null for every pair of ours.</summary>
    public string? ErrorMessage { get; init; }
    /// <summary><c>width</c> of the stored image, pixels.</summary>
    public int? Width { get; init; }
    /// <summary><c>height</c> of the stored image, pixels.</summary>
    public int? Height { get; init; }
    /// <summary><c>original_width</c>: as served, after orientation, pixels.</summary>
    public int? OriginalWidth { get; init; }
    /// <summary><c>original_height</c>: as served, after orientation, pixels.</summary>
    public int? OriginalHeight { get; init; }
    /// <summary><c>exif</c>: a JSON object as a string.</summary>
    public string? Exif { get; init; }
    /// <summary><c>sha256</c> of the bytes as served, hexadecimal.</summary>
    public string? Sha256 { get; init; }
    /// <summary><c>uid</c>: 32 hexadecimal digits, see <see cref="PairUid"/>.</summary>
    public string? Uid { get; init; }
    /// <summary><c>query</c>: text of the query whose cap counts the pair.</summary>
    public string? Query { get; init; }
    /// <summary><c>query_ids</c>: rows of all matched queries in the list of the manifest.</summary>
    public IReadOnlyList<int> QueryIds { get; init; } = [];
    /// <summary><c>page_url</c>: the page that shows the image.</summary>
    public string? PageUrl { get; init; }
    /// <summary><c>final_url</c>: address after redirects.</summary>
    public string? FinalUrl { get; init; }
    /// <summary><c>text_source</c>: see <see cref="TextSources.Word"/>.</summary>
    public string? TextSource { get; init; }
    /// <summary><c>provider</c> that led to the image.</summary>
    public string? Provider { get; init; }
    /// <summary><c>fetched_at</c>, UTC, microseconds.</summary>
    public DateTimeOffset? FetchedAt { get; init; }
    /// <summary><c>http_status</c> of the answer.</summary>
    public int? HttpStatus { get; init; }
    /// <summary><c>content_type</c> as declared.</summary>
    public string? ContentType { get; init; }
    /// <summary><c>etag</c> as sent.</summary>
    public string? ETag { get; init; }
    /// <summary><c>stored_sha256</c> of the image member, hexadecimal.</summary>
    public string? StoredSha256 { get; init; }
    /// <summary><c>pdq</c>: 64 hexadecimal digits; null where the picture has too few features for the hash to mean anything.</summary>
    public string? Pdq { get; init; }
    /// <summary><c>license</c>, where it is known.</summary>
    public string? License { get; init; }
    /// <summary><c>robots</c>: signals that were read and allow the use.</summary>
    public string? Robots { get; init; }
    /// <summary><c>nearest_eval</c>: <c>SET/FILE</c> of the most similar evaluation image.</summary>
    public string? NearestEval { get; init; }
    /// <summary><c>eval_score</c>: likeness to it, 0-1.</summary>
    public float? EvalScore { get; init; }
    /// <summary><c>descriptor</c>: the detector's embedding, as its manifest describes it; null until a detector ran.</summary>
    public byte[]? Descriptor { get; init; }
    /// <summary><c>scores</c>: what models said of the picture, a JSON object as a string; null where none was asked.</summary>
    public string? Scores { get; init; }
    /// <summary><c>attribution</c>: whom to name, where the provider says so.</summary>
    public string? Attribution { get; init; }

    /// <summary>The row of a pair.</summary>
    public static PairRow Of(Pair pair, string key) => new()
    {
        Url = WellFormed(pair.Candidate.Image.Href),
        Caption = WellFormed(pair.Candidate.Caption?.Text),
        Key = key,
        Status = "success",
        Width = pair.Picture.Width,
        Height = pair.Picture.Height,
        OriginalWidth = pair.Picture.OriginalWidth,
        OriginalHeight = pair.Picture.OriginalHeight,
        Exif = WellFormed(pair.Picture.Exif),
        Sha256 = pair.Picture.Sha256,
        Uid = pair.Uid.ToString(),
        Query = WellFormed(pair.Match?.Owner.Text),
        QueryIds = [.. pair.Match?.All.Select(id => id.Row) ?? []],
        PageUrl = WellFormed(pair.Candidate.Page?.Href),
        FinalUrl = WellFormed(pair.Fetch.FinalUrl),
        TextSource = pair.Candidate.Caption?.Source.Word(),
        Provider = WellFormed(pair.Candidate.Provider),
        FetchedAt = Microseconds(pair.Fetch.At),
        HttpStatus = pair.Fetch.Status,
        ContentType = WellFormed(pair.Fetch.ContentType),
        ETag = WellFormed(pair.Fetch.ETag),
        StoredSha256 = pair.Picture.StoredSha256,
        Pdq = PdqOf(pair.Picture),
        License = WellFormed(pair.Candidate.License),
        Robots = WellFormed(pair.Fetch.Robots),
        NearestEval = WellFormed(pair.Evaluation?.Nearest),
        Scores = pair.Picture.Scores,
        Attribution = WellFormed(pair.Candidate.Attribution),
        EvalScore = Number(pair.Evaluation?.Score),
        Descriptor = pair.Picture.Descriptor,
    };

    internal static string? PdqOf(PictureFacts picture) =>
        picture.PdqQuality >= PdqHash.LeastQuality ? picture.Pdq.ToString() : null;

    /// <summary>Lone surrogates have no UTF-8; text, JSON and parquet would each put something else in their place.</summary>
    internal static string? WellFormed(string? text) =>
        text is null || text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0
            ? text
            : System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text));

    /// <summary>NaN spoils the least and greatest value by which readers pass over row groups.</summary>
    internal static float? Number(float? number) => number is { } value && float.IsFinite(value) ? value : null;

    internal static DateTimeOffset Microseconds(DateTimeOffset at) =>
        new(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
}
