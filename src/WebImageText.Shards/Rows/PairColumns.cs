namespace WebImageText.Shards.Rows;

/// <summary>The columns of a shard's parquet and the fields of its JSON, in their order: img2dataset's names and types, then ours.</summary>
internal static class PairColumns
{
    public static readonly ParquetColumns<PairRow> All = new(Create());

    /// <summary>The same columns, for a schema that has others beside them.</summary>
    public static Column<PairRow>[] Create() =>
    [
        new TextColumn<PairRow>("url", row => row.Url),
        new TextColumn<PairRow>("caption", row => row.Caption),
        new TextColumn<PairRow>("key", row => row.Key),
        new TextColumn<PairRow>("status", row => row.Status),
        new TextColumn<PairRow>("error_message", row => row.ErrorMessage),
        new Int32Column<PairRow>("width", row => row.Width),
        new Int32Column<PairRow>("height", row => row.Height),
        new Int32Column<PairRow>("original_width", row => row.OriginalWidth),
        new Int32Column<PairRow>("original_height", row => row.OriginalHeight),
        new TextColumn<PairRow>("exif", row => row.Exif),
        new TextColumn<PairRow>("sha256", row => row.Sha256),
        new TextColumn<PairRow>("uid", row => row.Uid),
        new TextColumn<PairRow>("query", row => row.Query),
        new Int32ListColumn<PairRow>("query_ids", row => row.QueryIds),
        new TextColumn<PairRow>("page_url", row => row.PageUrl),
        new TextColumn<PairRow>("final_url", row => row.FinalUrl),
        new TextColumn<PairRow>("text_source", row => row.TextSource),
        new TextColumn<PairRow>("provider", row => row.Provider),
        new MomentColumn<PairRow>("fetched_at", row => row.FetchedAt),
        new Int32Column<PairRow>("http_status", row => row.HttpStatus),
        new TextColumn<PairRow>("content_type", row => row.ContentType),
        new TextColumn<PairRow>("etag", row => row.ETag),
        new TextColumn<PairRow>("stored_sha256", row => row.StoredSha256),
        new TextColumn<PairRow>("pdq", row => row.Pdq),
        new TextColumn<PairRow>("license", row => row.License),
        new TextColumn<PairRow>("robots", row => row.Robots),
        new TextColumn<PairRow>("nearest_eval", row => row.NearestEval),
        new SingleColumn<PairRow>("eval_score", row => row.EvalScore),
        new BytesColumn<PairRow>("descriptor", row => row.Descriptor),
        new TextColumn<PairRow>("scores", row => row.Scores),
        new TextColumn<PairRow>("attribution", row => row.Attribution),
    ];

    /// <summary>The row at <paramref name="at"/> of a parquet's row group; columns that the file lacks stay empty.</summary>
    public static PairRow Read(ParquetBatch batch, int at) => new()
    {
        Url = batch.Text("url", at),
        Caption = batch.Text("caption", at),
        Key = batch.Text("key", at),
        Status = batch.Text("status", at),
        ErrorMessage = batch.Text("error_message", at),
        Width = batch.Int32("width", at),
        Height = batch.Int32("height", at),
        OriginalWidth = batch.Int32("original_width", at),
        OriginalHeight = batch.Int32("original_height", at),
        Exif = batch.Text("exif", at),
        Sha256 = batch.Text("sha256", at),
        Uid = batch.Text("uid", at),
        Query = batch.Text("query", at),
        QueryIds = batch.Int32List("query_ids", at),
        PageUrl = batch.Text("page_url", at),
        FinalUrl = batch.Text("final_url", at),
        TextSource = batch.Text("text_source", at),
        Provider = batch.Text("provider", at),
        FetchedAt = batch.Moment("fetched_at", at),
        HttpStatus = batch.Int32("http_status", at),
        ContentType = batch.Text("content_type", at),
        ETag = batch.Text("etag", at),
        StoredSha256 = batch.Text("stored_sha256", at),
        Pdq = batch.Text("pdq", at),
        License = batch.Text("license", at),
        Robots = batch.Text("robots", at),
        NearestEval = batch.Text("nearest_eval", at),
        EvalScore = batch.Single("eval_score", at),
        Descriptor = batch.Bytes("descriptor", at),
        Scores = batch.Text("scores", at),
        Attribution = batch.Text("attribution", at),
    };
}
