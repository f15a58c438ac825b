namespace WebImageText.Shards.Rows;

/// <summary>A candidate that was not kept: one row of <c>rejected/NUMBER.parquet</c>.</summary>
public sealed record RejectionRow
{
    /// <summary><c>url</c>: address of the image.</summary>
    public string? Url { get; init; }
    /// <summary><c>caption</c>; null when no text was found.</summary>
    public string? Caption { get; init; }
    /// <summary><c>query</c>: the owner, if it came that far.</summary>
    public string? Query { get; init; }
    /// <summary><c>query_ids</c>: all matched queries.</summary>
    public IReadOnlyList<int> QueryIds { get; init; } = [];
    /// <summary><c>uid</c>: see <see cref="PairUid"/>.</summary>
    public string? Uid { get; init; }
    /// <summary><c>page_url</c>.</summary>
    public string? PageUrl { get; init; }
    /// <summary><c>text_source</c>: see <see cref="TextSources.Word"/>.</summary>
    public string? TextSource { get; init; }
    /// <summary><c>provider</c>.</summary>
    public string? Provider { get; init; }
    /// <summary><c>reason</c>: see <see cref="DropReasons.Word"/>.</summary>
    public string? Reason { get; init; }
    /// <summary><c>detail</c>: what exactly, for a reader.</summary>
    public string? Detail { get; init; }
    /// <summary><c>http_status</c>, if a server answered.</summary>
    public int? HttpStatus { get; init; }
    /// <summary><c>final_url</c>, if a server answered.</summary>
    public string? FinalUrl { get; init; }
    /// <summary><c>content_type</c> as declared.</summary>
    public string? ContentType { get; init; }
    /// <summary><c>at</c>: when it was dropped, UTC, microseconds.</summary>
    public DateTimeOffset? At { get; init; }
    /// <summary><c>original_width</c>, if it was decoded.</summary>
    public int? OriginalWidth { get; init; }
    /// <summary><c>original_height</c>, if it was decoded.</summary>
    public int? OriginalHeight { get; init; }
    /// <summary><c>sha256</c> of the bytes as served.</summary>
    public string? Sha256 { get; init; }
    /// <summary><c>pdq</c>, under the rule of <see cref="PairRow.Pdq"/>.</summary>
    public string? Pdq { get; init; }
    /// <summary><c>nearest_eval</c>.</summary>
    public string? NearestEval { get; init; }
    /// <summary><c>eval_score</c>.</summary>
    public float? EvalScore { get; init; }
    /// <summary><c>robots</c>: what was read of opt-outs, on the answer or on the page.</summary>
    public string? Robots { get; init; }
    /// <summary><c>license</c>, where it is known.</summary>
    public string? License { get; init; }

    /// <summary>The row of a rejection.</summary>
    public static RejectionRow Of(Rejection rejection) => new()
    {
        Url = PairRow.WellFormed(rejection.Candidate.Image.Href),
        Caption = PairRow.WellFormed(rejection.Candidate.Caption?.Text),
        Query = PairRow.WellFormed(rejection.Match?.Owner.Text),
        QueryIds = [.. rejection.Match?.All.Select(id => id.Row) ?? []],
        Uid = rejection.Uid.ToString(),
        PageUrl = PairRow.WellFormed(rejection.Candidate.Page?.Href),
        TextSource = rejection.Candidate.Caption?.Source.Word(),
        Provider = PairRow.WellFormed(rejection.Candidate.Provider),
        Reason = rejection.Drop.Reason.Word(),
        Detail = PairRow.WellFormed(rejection.Drop.Detail),
        HttpStatus = rejection.Fetch?.Status,
        FinalUrl = PairRow.WellFormed(rejection.Fetch?.FinalUrl),
        ContentType = PairRow.WellFormed(rejection.Fetch?.ContentType),
        At = PairRow.Microseconds(rejection.At),
        OriginalWidth = rejection.Picture?.OriginalWidth,
        OriginalHeight = rejection.Picture?.OriginalHeight,
        Sha256 = rejection.Picture?.Sha256,
        Pdq = rejection.Picture is { } picture ? PairRow.PdqOf(picture) : null,
        NearestEval = PairRow.WellFormed(rejection.Evaluation?.Nearest),
        EvalScore = PairRow.Number(rejection.Evaluation?.Score),
        Robots = PairRow.WellFormed(rejection.Fetch?.Robots ?? rejection.Candidate.OptOut ?? rejection.Candidate.PageUse),
        License = PairRow.WellFormed(rejection.Candidate.License),
    };
}
