namespace WebImageText.Shards.Rows;

/// <summary>The columns of <c>rejected/NUMBER.parquet</c>, in their order.</summary>
internal static class RejectionColumns
{
    public static readonly ParquetColumns<RejectionRow> All = new(
    [
        new TextColumn<RejectionRow>("url", row => row.Url),
        new TextColumn<RejectionRow>("caption", row => row.Caption),
        new TextColumn<RejectionRow>("query", row => row.Query),
        new Int32ListColumn<RejectionRow>("query_ids", row => row.QueryIds),
        new TextColumn<RejectionRow>("uid", row => row.Uid),
        new TextColumn<RejectionRow>("page_url", row => row.PageUrl),
        new TextColumn<RejectionRow>("text_source", row => row.TextSource),
        new TextColumn<RejectionRow>("provider", row => row.Provider),
        new TextColumn<RejectionRow>("reason", row => row.Reason),
        new TextColumn<RejectionRow>("detail", row => row.Detail),
        new Int32Column<RejectionRow>("http_status", row => row.HttpStatus),
        new TextColumn<RejectionRow>("final_url", row => row.FinalUrl),
        new TextColumn<RejectionRow>("content_type", row => row.ContentType),
        new MomentColumn<RejectionRow>("at", row => row.At),
        new Int32Column<RejectionRow>("original_width", row => row.OriginalWidth),
        new Int32Column<RejectionRow>("original_height", row => row.OriginalHeight),
        new TextColumn<RejectionRow>("sha256", row => row.Sha256),
        new TextColumn<RejectionRow>("pdq", row => row.Pdq),
        new TextColumn<RejectionRow>("nearest_eval", row => row.NearestEval),
        new SingleColumn<RejectionRow>("eval_score", row => row.EvalScore),
        new TextColumn<RejectionRow>("robots", row => row.Robots),
        new TextColumn<RejectionRow>("license", row => row.License),
    ]);

    public static RejectionRow Read(ParquetBatch batch, int at) => new()
    {
        Url = batch.Text("url", at),
        Caption = batch.Text("caption", at),
        Query = batch.Text("query", at),
        QueryIds = batch.Int32List("query_ids", at),
        Uid = batch.Text("uid", at),
        PageUrl = batch.Text("page_url", at),
        TextSource = batch.Text("text_source", at),
        Provider = batch.Text("provider", at),
        Reason = batch.Text("reason", at),
        Detail = batch.Text("detail", at),
        HttpStatus = batch.Int32("http_status", at),
        FinalUrl = batch.Text("final_url", at),
        ContentType = batch.Text("content_type", at),
        At = batch.Moment("at", at),
        OriginalWidth = batch.Int32("original_width", at),
        OriginalHeight = batch.Int32("original_height", at),
        Sha256 = batch.Text("sha256", at),
        Pdq = batch.Text("pdq", at),
        NearestEval = batch.Text("nearest_eval", at),
        EvalScore = batch.Single("eval_score", at),
        Robots = batch.Text("robots", at),
        License = batch.Text("license", at),
    };
}
